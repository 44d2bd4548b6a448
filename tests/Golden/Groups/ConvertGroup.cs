using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Graph.Workflows.Canvas;

namespace NodeHost.Golden.Groups;

/// <summary>Canvas workflows converted to API format: equal JSON, order of keys included.</summary>
internal sealed class ConvertGroup : IGoldenGroup
{
    // A later converter sends what is inside muted and bypassed instances; there the first one is right.
    private static readonly string[] Earlier = ["group_node_muted", "group_node_bypassed", "subgraph_muted"];

    public string Name => "convert";

    public string Marker => "convert";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        var definitions = (JObject)PromptJson.Parse(File.ReadAllText(folder.PathOf(Marker, "object_info.json")));
        foreach (var path in Directory.EnumerateDirectories(folder.PathOf(Marker)).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (wanted(name))
            {
                yield return GoldenResult.Guard(name, () => Check(name, path, definitions));
            }
        }
    }

    private static GoldenResult Check(string name, string path, JObject definitions)
    {
        JToken Read(string file) => PromptJson.Parse(File.ReadAllText(Path.Combine(path, file)));
        bool Has(string file) => File.Exists(Path.Combine(path, file));

        var outputs = Has("options.json")
            ? Read("options.json")["queueNodeIds"]!.Select(id => (string)id!).ToArray()
            : null;
        CanvasConversion conversion;
        try
        {
            conversion = CanvasConverter.Convert((JObject)Read("workflow.json"), definitions, outputs);
        }
        catch (CanvasException error)
        {
            return GoldenResult.OfEquality(name, Has("error.json") ? null : $"refused: {error.Message}");
        }
        if (Has("error.json"))
        {
            return GoldenResult.OfEquality(name, "expected an error, got a prompt");
        }
        var takesEarlier = Earlier.Contains(name) || name.StartsWith("subgraph_bypassed", StringComparison.Ordinal);
        var expected = Read(Has("prompt_later.json") && !takesEarlier ? "prompt_later.json" : "prompt.json");
        return GoldenResult.OfEquality(name, Difference(Lines(expected), Lines(conversion.Prompt)));
    }

    private static string[] Lines(JToken prompt) => PromptJson.Write(prompt, indented: true).Split('\n');

    private static string? Difference(string[] expected, string[] actual)
    {
        for (var line = 0; line < Math.Max(expected.Length, actual.Length); line++)
        {
            var wanted = expected.ElementAtOrDefault(line)?.Trim() ?? "the end";
            var given = actual.ElementAtOrDefault(line)?.Trim() ?? "the end";
            if (wanted != given)
            {
                return $"line {line + 1}: expected {wanted}, got {given}";
            }
        }
        return null;
    }
}
