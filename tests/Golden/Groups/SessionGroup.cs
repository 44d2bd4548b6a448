using Newtonsoft.Json.Linq;
using NodeHost.Golden.Comparison;
using NodeHost.Graph.Workflows;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Groups;

/// <summary>What the official frontend asks for while it loads, again in its order: status, type and, where recorded, the body.</summary>
/// <remarks>Its own files are not there; the requests that belong to prompts are in the other groups.</remarks>
internal sealed class SessionGroup : IGoldenGroup
{
    private static readonly string[] Loads = ["first_load", "second_load"];

    public string Name => "session";

    public string Marker => Path.Combine("convert", "session.json");

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        var phases = GoldenFolder.ReadJson(folder.PathOf(Marker))["phases"]!
            .Where(phase => Loads.Contains((string?)phase["phase"]))
            .Where(phase => wanted((string)phase["phase"]!))
            .ToArray();
        if (phases.Length == 0)
        {
            yield break;
        }
        var server = ServerProcess
            .StartAsync("--no-bundled-models", "--models", folder.Models)
            .GetAwaiter()
            .GetResult();
        // The recorded server had a user's folder already; what its answer calls migrated is that.
        Directory.CreateDirectory(Path.Combine(server.Folder, "user", "default"));
        foreach (var phase in phases)
        {
            var name = (string)phase["phase"]!;
            yield return GoldenResult.Guard(
                name,
                () => GoldenResult.OfEquality(name, CheckAsync(server, phase).GetAwaiter().GetResult())
            );
        }
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static async Task<string?> CheckAsync(ServerProcess server, JToken phase)
    {
        var problems = new List<string>();
        await using var socket = await server.ConnectAsync("CLIENT");
        var greeting = (await socket.ReceiveAsync())!.Json!;
        var recorded = PromptJson.Parse(
            (string)phase["ws"]!.First(message => message["received"] is not null)["received"]!
        );
        if (JsonComparison.FirstDifference(recorded, greeting) is { } wrong)
        {
            problems.Add($"greeting{wrong}");
        }
        foreach (var exchange in phase["http"]!.Where(exchange => (string?)exchange["kind"] is "fetch" or "xhr"))
        {
            if (await DifferenceAsync(server, exchange) is { } difference)
            {
                problems.Add($"{exchange["method"]} {exchange["path"]}: {difference}");
            }
        }
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    private static async Task<string?> DifferenceAsync(ServerProcess server, JToken exchange)
    {
        var path = (string)exchange["path"]!;
        if (!path.StartsWith('/') || path.StartsWith("/assets", StringComparison.Ordinal))
        {
            return null;
        }
        using var request = new HttpRequestMessage(new((string)exchange["method"]!), path);
        request.Headers.TryAddWithoutValidation("Comfy-User", (string?)exchange["comfy_user_header"] ?? "");
        if (exchange["request_body"] is JValue { Value: string body })
        {
            request.Content = new StringContent(body);
            request.Content.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", (string?)exchange["request_content_type"]);
        }
        using var response = await server.Http.SendAsync(request);
        var type = response.Content.Headers.ContentType?.ToString();
        if ((int)response.StatusCode != (int)exchange["status"]! || type != (string?)exchange["content_type"])
        {
            return $"expected {exchange["status"]} {exchange["content_type"]}, got {(int)response.StatusCode} {type}";
        }
        return exchange["response_body"] is JValue { Value: string expected }
            ? JsonComparison.FirstDifference(PromptJson.Parse(expected), await response.ReadJsonAsync())
            : null;
    }
}
