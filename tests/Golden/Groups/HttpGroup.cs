using Newtonsoft.Json.Linq;
using NodeHost.Golden.Sockets;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Groups;

/// <summary>The other routes: recorded sequences of requests and sessions with a socket, each on a fresh server.</summary>
internal sealed class HttpGroup : IGoldenGroup
{
    public string Name => "http";

    public string Marker => "http";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        foreach (var path in Directory.EnumerateFiles(folder.PathOf(Marker), "*.json").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (wanted(name))
            {
                var recorded = GoldenFolder.ReadJson(path);
                yield return GoldenResult.Guard(
                    name,
                    () => GoldenResult.OfEquality(name, CheckAsync(recorded, folder).GetAwaiter().GetResult())
                );
            }
        }
    }

    private static async Task<string?> CheckAsync(JToken recorded, GoldenFolder folder)
    {
        await using var server = await ServerProcess.StartAsync(
            "--no-bundled-models",
            "--models",
            folder.Models,
            "--preview-method",
            "latent2rgb"
        );
        if (recorded is JObject)
        {
            return await new SocketCase(server, recorded, folder).RunAsync();
        }
        var problems = new List<string>();
        foreach (var (index, step) in recorded.Index())
        {
            if (await HttpStep.RunAsync(server, Tolerant(step), folder) is { } difference)
            {
                problems.Add($"step {index}: {difference}");
            }
        }
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    /// <summary>Which node an interrupt hits depends on timing, where the recording says so.</summary>
    private static JToken Tolerant(JToken step)
    {
        var dependsOnTiming = ((string?)step["note"])?.Contains("timing", StringComparison.Ordinal) ?? false;
        if (!dependsOnTiming)
        {
            return step;
        }
        var tolerant = step.DeepClone();
        ((JObject)tolerant).Remove("json");
        return tolerant;
    }
}
