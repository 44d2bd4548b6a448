using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Graph.Workflows.Canvas;

namespace NodeHost.Graph.Tests.Workflows.Canvas;

/// <summary>A few classes of its own and short ways to write canvas files with them.</summary>
internal static class CanvasSample
{
    public static readonly JObject Definitions = JObject.Parse(
        """
        {
          "Load": {"input": {"required": {"name": [["a", "b"]]}}, "display_name": "Load It"},
          "Sample": {"input": {"required": {
            "model": ["MODEL"], "seed": ["INT", {"default": 0, "min": 0, "max": 1000}],
            "steps": ["INT", {"default": 20, "min": 1, "max": 100, "step": 4}]}}, "display_name": "Sample It"},
          "Text": {"input": {"required": {"text": ["STRING", {"multiline": true, "dynamicPrompts": true}]}}},
          "SaveImage": {"input": {"required": {"images": ["MODEL"], "filename_prefix": ["STRING", {"default": "out"}]}}}
        }
        """
    );

    public static JObject File(string nodes, string links, string more = "\"extra\": {}") =>
        (JObject)PromptJson.Parse($$"""{"version": 0.4, "nodes": [{{nodes}}], "links": [{{links}}], {{more}}}""");

    public static CanvasConversion Convert(JObject file) => CanvasConverter.Convert(file, Definitions);

    public static string Node(int id, string type, string values, string link = "null", int mode = 0) =>
        $$"""
            {"id": {{id}}, "type": "{{type}}", "mode": {{mode}}, "widgets_values": {{values}},
             "inputs": [{"name": "model", "type": "MODEL", "link": {{link}}}]}
            """;

    public static string Text(this JToken? token) => token?.ToString(Newtonsoft.Json.Formatting.None) ?? "absent";
}
