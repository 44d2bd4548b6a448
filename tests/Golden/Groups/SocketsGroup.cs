using Newtonsoft.Json.Linq;
using NodeHost.Golden.Comparison;
using NodeHost.Golden.Sockets;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Groups;

/// <summary>The whole prompts again, through the HTTP and WebSocket of a server: answers, events and history.</summary>
internal sealed class SocketsGroup : IGoldenGroup
{
    public string Name => "sockets";

    public string Marker => "e2e";

    public IEnumerable<GoldenResult> Run(GoldenFolder folder, Func<string, bool> wanted)
    {
        var cases = Directory
            .EnumerateDirectories(folder.PathOf(Marker))
            .Order(StringComparer.Ordinal)
            .Where(path => wanted(Path.GetFileName(path)))
            .ToArray();
        if (cases.Length == 0)
        {
            yield break;
        }
        var server = ServerProcess
            .StartAsync("--no-bundled-models", "--cache-classic", "--models", folder.Models, "--input", folder.Input)
            .GetAwaiter()
            .GetResult();
        foreach (var path in cases)
        {
            var name = Path.GetFileName(path);
            yield return GoldenResult.Guard(name, () => CheckAsync(server, name, path).GetAwaiter().GetResult());
        }
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static async Task<GoldenResult> CheckAsync(ServerProcess server, string name, string path)
    {
        var messageIsFree = EndToEndGroup.IsMessageFree(path);
        // Before each case models and results are given up: so was ComfyUI's side recorded.
        using var free = await server.Http.PostTextAsync("/free", "{\"free_memory\":true}");
        long? offset = null;
        foreach (var prompt in Directory.EnumerateFiles(path, "prompt*.json").Order(StringComparer.Ordinal))
        {
            var suffix = Path.GetFileNameWithoutExtension(prompt)["prompt".Length..];
            JToken Recorded(string kind) => GoldenFolder.ReadJson(Path.Combine(path, $"{kind}{suffix}.json"));
            var (response, history) = (Recorded("response"), Recorded("history"));
            var entry = ((JObject)history).Properties().Single().Value;
            var order = entry["prompt"]![4]!.Select(output => (string)output!).ToArray();
            var body = SocketTranscript.InOrder((JObject)GoldenFolder.ReadJson(prompt), order);
            var transcript = await SocketTranscript.RecordAsync(server, body);
            if (transcript.Status != (int)response["status"]!)
            {
                return GoldenResult.OfEquality(name, $"prompt{suffix}: {transcript.Status} {transcript.Response}");
            }
            // Numbers go on from case to case on both sides; from prompt to prompt they go on alike.
            offset ??= (long)transcript.Response["number"]! - (long)response["body"]!["number"]!;
            response["body"]!["number"] = (long)response["body"]!["number"]! + offset;
            entry["prompt"]![0] = (long)entry["prompt"]![0]! + offset;
            var difference = JsonComparison.FirstDifference(response["body"]!, transcript.Response) is { } wrong
                ? $"response{wrong}"
                : SocketTranscript.DifferenceOfMessages(
                    (JArray)Recorded("ws"),
                    transcript.Messages.Where(message => message.Json is not null).Select(message => message.Json!),
                    messageIsFree
                )
                    ?? (
                        JsonComparison.FirstDifference(
                            SocketTranscript.Comparable(history, messageIsFree),
                            SocketTranscript.Comparable(transcript.History, messageIsFree)
                        )
                            is { } other
                            ? $"history{other}"
                            : null
                    );
            if (difference is not null)
            {
                return GoldenResult.OfEquality(name, $"prompt{suffix}: {difference}");
            }
        }
        return GoldenResult.OfEquality(name, null);
    }
}
