using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace NodeHost.Graph.Workflows.Canvas;

/// <summary>What a widget's value becomes in the prompt: dynamic prompts, <c>%Node.widget%</c> and <c>%date:…%</c>.</summary>
internal sealed partial class WidgetText(CanvasGraph root, Random random)
{
    private const string SearchProperty = "Node name for S&R";

    private static readonly HashSet<string> SaveClasses =
    [
        "SaveImage",
        "SaveAnimatedWEBP",
        "SaveAnimatedPNG",
        "SaveWEBM",
        "SaveAudio",
        "SaveGLB",
        "SaveLatent",
        "CLIPSave",
        "VAESave",
        "ModelSave",
        "LoraSave",
    ];

    private readonly Dictionary<string, CanvasNode> _bySearchName = ByName(root, SearchName);
    private readonly Dictionary<string, CanvasNode> _byTitle = ByName(root, node => node.ShownTitle);

    public JToken? Serialize(CanvasNode node, CanvasWidget widget)
    {
        var value = widget.Value;
        if (value is JValue { Value: string text })
        {
            if (widget.IsDynamicPrompt)
            {
                return DynamicPromptText.Expand(text, random);
            }
            if (widget.Name == "filename_prefix" && SaveClasses.Contains(node.Type))
            {
                return Replace(text);
            }
        }
        return value is JArray list ? new JObject { ["__value__"] = list.DeepClone() } : value?.DeepClone();
    }

    /// <summary>The text with its patterns replaced; those that name nothing stay as they are.</summary>
    public string Replace(string text) => Pattern().Replace(text, match => Find(match.Groups[1].Value) ?? match.Value);

    private string? Find(string pattern)
    {
        var parts = pattern.Split('.');
        if (parts.Length != 2)
        {
            return parts[0].StartsWith("date:", StringComparison.Ordinal) ? DateText(parts[0]["date:".Length..]) : null;
        }
        var node = _bySearchName.GetValueOrDefault(parts[0]) ?? _byTitle.GetValueOrDefault(parts[0]);
        var value = node?.Widgets.FirstOrDefault(widget => widget.Name == parts[1])?.Value;
        return value is null ? null : Unsafe().Replace(CanvasJson.Text(value), "_");
    }

    private static string DateText(string format)
    {
        var now = DateTime.Now;
        return DateToken()
            .Replace(
                format,
                match =>
                    match.Value switch
                    {
                        "yyyy" => now.Year.ToString(CultureInfo.InvariantCulture),
                        "yyy" => match.Value,
                        "yy" => now.ToString("yy", CultureInfo.InvariantCulture),
                        "h" => now.Hour.ToString(CultureInfo.InvariantCulture),
                        "hh" => now.ToString("HH", CultureInfo.InvariantCulture),
                        { Length: 1 } token => now.ToString($"%{token}", CultureInfo.InvariantCulture),
                        var token => now.ToString(token, CultureInfo.InvariantCulture),
                    }
            );
    }

    /// <summary>What the file calls the node for searches; where it says nothing, its class, but for those that save.</summary>
    private static string? SearchName(CanvasNode node) =>
        node.Source["properties"] is JObject properties && properties.TryGetValue(SearchProperty, out var name)
            ? CanvasJson.TextOrNull(name)
        : node is { IsKnown: true, Subgraph: null, IsVirtual: false } && !SaveClasses.Contains(node.Type) ? node.Type
        : null;

    private static Dictionary<string, CanvasNode> ByName(CanvasGraph root, Func<CanvasNode, string?> nameOf)
    {
        var result = new Dictionary<string, CanvasNode>(StringComparer.Ordinal);
        foreach (var node in root.Nodes)
        {
            if (nameOf(node) is { } name)
            {
                result.TryAdd(name, node);
            }
        }
        return result;
    }

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Pattern();

    [GeneratedRegex("""[/?<>\\:*|"\x00-\x1F\x7F]""")]
    private static partial Regex Unsafe();

    [GeneratedRegex("y{2,4}|M{1,2}|d{1,2}|h{1,2}|m{1,2}|s{1,2}")]
    private static partial Regex DateToken();
}
