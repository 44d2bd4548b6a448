using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Groups;

/// <summary>Refused requests, through a server: status, and the body's types, messages, structure and details.</summary>
internal sealed class ErrorsGroup : IGoldenGroup
{
    private static readonly string[] NotCompared = ["traceback", "prompt_id", "number"];

    public string Name => "errors";

    public string Marker => "errors";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        var cases = Directory
            .EnumerateFiles(folder.PathOf(Marker), "*.json")
            .Order(StringComparer.Ordinal)
            .Where(path => wanted(Path.GetFileNameWithoutExtension(path)))
            .ToArray();
        if (cases.Length == 0)
        {
            yield break;
        }
        var server = ServerProcess
            .StartAsync("--no-bundled-models", "--models", folder.Models, "--input", folder.Input)
            .GetAwaiter()
            .GetResult();
        foreach (var path in cases)
        {
            var name = Path.GetFileNameWithoutExtension(path);
            yield return GoldenResult.Guard(
                name,
                () => GoldenResult.OfEquality(name, CheckAsync(server, path).GetAwaiter().GetResult())
            );
        }
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static async Task<string?> CheckAsync(ServerProcess server, string path)
    {
        var golden = GoldenFolder.ReadJson(path);
        using var request = new HttpRequestMessage(new((string)golden["method"]!), (string)golden["path"]!);
        if (golden["request_text"] is JValue { Value: string text })
        {
            request.Content = new StringContent(text);
        }
        else if (golden["request"] is { } body)
        {
            request.Content = new StringContent(PromptJson.Write(body));
        }
        using var response = await server.Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        var expectedStatus = (int)golden["status"]!;
        if (expectedStatus >= 500)
        {
            // Where ComfyUI breaks, NodeHost refuses properly.
            var type = (string?)PromptJson.Parse(answer)["error"]?["type"];
            return (int)response.StatusCode == 400 && type is "invalid_json" or "invalid_prompt"
                ? null
                : $"expected a refusal, got {(int)response.StatusCode} {type}";
        }
        if ((int)response.StatusCode != expectedStatus)
        {
            return $"expected status {expectedStatus}, got {(int)response.StatusCode}";
        }
        return golden["body"] is { Type: not JTokenType.Null } expected
                ? Difference(expected, PromptJson.Parse(answer), "")
            : (string?)golden["text"] is { Length: > 0 } words && words != answer
                ? $"expected '{words}', got '{answer}'"
            : null;
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
