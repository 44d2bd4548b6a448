using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Golden.Groups;

/// <summary>Refused requests: status, and the body's types, messages, structure and details.</summary>
internal sealed class ErrorsGroup : IGoldenGroup
{
    private static readonly string[] NotCompared = ["traceback", "prompt_id", "number"];

    public string Name => "errors";

    public string Marker => "errors";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        foreach (var path in Directory.EnumerateFiles(folder.PathOf(Marker), "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (wanted(name))
            {
                yield return GoldenResult.Guard(name, () => Check(name, folder, GoldenFolder.ReadJson(path)));
            }
        }
    }

    private static GoldenResult Check(string name, GoldenFolder folder, JToken golden)
    {
        if ((string?)golden["path"] != "/prompt")
        {
            return GoldenResult.Skipped(name, $"{golden["method"]} {golden["path"]} comes with the server");
        }
        var body = golden["request_text"] is { } text ? (string)text! : PromptJson.Write(golden["request"]!);
        using var host = new GoldenHost(folder);
        var validation = host.Validate(body);
        var expectedStatus = (int)golden["status"]!;
        if (expectedStatus >= 500)
        {
            // Where ComfyUI breaks, NodeHost refuses properly.
            var type = (string?)validation.ToResponseJson()["error"]?["type"];
            var refused = validation.StatusCode == 400 && type is "invalid_json" or "invalid_prompt";
            return GoldenResult.OfEquality(
                name,
                refused ? null : $"expected a refusal, got {validation.StatusCode} {type}"
            );
        }
        return GoldenResult.OfEquality(
            name,
            validation.StatusCode != expectedStatus
                ? $"expected status {expectedStatus}, got {validation.StatusCode}"
                : Difference(golden["body"]!, validation.ToResponseJson(), "")
        );
    }

    private static string? Difference(JToken expected, JToken actual, string path)
    {
        switch (expected, actual)
        {
            case (JObject left, JObject right):
                var keys = left.Properties().Select(property => property.Name).Order(StringComparer.Ordinal);
                var given = right.Properties().Select(property => property.Name).Order(StringComparer.Ordinal);
                return !keys.SequenceEqual(given)
                    ? $"{path}: expected keys {string.Join(",", keys)}, got {string.Join(",", given)}"
                    : keys.Except(NotCompared)
                        .Select(key => Difference(left[key]!, right[key]!, $"{path}/{key}"))
                        .FirstOrDefault(difference => difference is not null);
            case (JArray left, JArray right) when left.Count == right.Count:
                return left.Select((item, index) => Difference(item, right[index], $"{path}[{index}]"))
                    .FirstOrDefault(difference => difference is not null);
            default:
                return JToken.DeepEquals(expected, actual)
                    ? null
                    : $"{path}: expected {expected.ToString(Newtonsoft.Json.Formatting.None)}, got {actual.ToString(Newtonsoft.Json.Formatting.None)}";
        }
    }
}
