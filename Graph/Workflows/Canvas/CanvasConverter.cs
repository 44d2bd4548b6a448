using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>Converts what ComfyUI's canvas saves (workflow JSON 0.4 and 1) to the API format, as its frontend does.</summary>
public static class CanvasConverter
{
    /// <summary>Whether the JSON is of the canvas's own format rather than the API's.</summary>
    public static bool IsCanvas(JToken json) => json is JObject file && file["nodes"] is JArray;

    /// <param name="workflow">The file; it is not changed.</param>
    /// <param name="objectInfo">Node definitions by class, as <c>GET /object_info</c> gives them.</param>
    /// <param name="outputs">Only these nodes and what they need; null means all.</param>
    /// <param name="random">Chooses among the options of dynamic prompts.</param>
    /// <exception cref="CanvasException">The file cannot be converted.</exception>
    public static CanvasConversion Convert(
        JObject workflow,
        JObject objectInfo,
        IReadOnlyCollection<string>? outputs = null,
        Random? random = null
    )
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(objectInfo);
        var root = new CanvasReader(objectInfo).Read(workflow);
        var texts = new WidgetText(root, random ?? Random.Shared);
        PromotedWidgets.ShareTexts(root);
        PrimitiveValues.Apply(root, texts);
        return new PromptWriter(texts).Write(root, outputs);
    }
}
