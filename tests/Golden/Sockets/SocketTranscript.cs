using Newtonsoft.Json.Linq;
using NodeHost.Golden.Comparison;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Sockets;

/// <summary>A prompt that went through a server: what was answered, what was sent on the way, and what is in history.</summary>
/// <param name="Status">Of the answer to <c>POST /prompt</c>.</param>
/// <param name="Response">The body of that answer.</param>
/// <param name="Messages">Everything from the greeting to the end of the prompt.</param>
/// <param name="History">The answer to <c>GET /history/{prompt_id}</c>.</param>
internal sealed record SocketTranscript(
    int Status,
    JToken Response,
    IReadOnlyList<SocketMessage> Messages,
    JToken History
)
{
    /// <summary>Sends a recorded body as a client of its own would, and follows it to its end.</summary>
    public static async Task<SocketTranscript> RecordAsync(ServerProcess server, JObject body)
    {
        await using var socket = await server.ConnectAsync((string)body["client_id"]!);
        var greeting = await socket.ReceiveAsync() ?? throw new InvalidOperationException("closed before the greeting");
        using var response = await server.Http.PostJsonAsync("/prompt", body);
        var answer = await response.ReadJsonAsync();
        var messages = response.IsSuccessStatusCode ? await socket.ReadToEndOfPromptAsync() : [];
        var history = await server.Http.GetJsonAsync($"/history/{(string)body["prompt_id"]!}");
        return new((int)response.StatusCode, answer, [greeting, .. messages], history);
    }

    /// <summary>The prompt with its output nodes in a given order: ComfyUI takes them out of a set, NodeHost as they stand.</summary>
    public static JObject InOrder(JObject body, IReadOnlyList<string> outputs)
    {
        var ordered = (JObject)body.DeepClone();
        var prompt = (JObject)ordered["prompt"]!;
        var wanted = new Queue<string>(outputs.Where(prompt.ContainsKey));
        var ids = prompt.Properties().Select(node => node.Name).ToArray();
        ordered["prompt"] = new JObject(
            ids.Select(id => wanted.Contains(id) || outputs.Contains(id) ? wanted.Dequeue() : id)
                .Select(id => new JProperty(id, prompt[id]))
        );
        return ordered;
    }

    /// <summary>Null when the text messages are the recorded ones; those of type <c>status</c> may stand a little elsewhere.</summary>
    public static string? DifferenceOfMessages(IEnumerable<JToken> recorded, IEnumerable<JToken> given, bool isFree)
    {
        var (expected, actual) = (recorded.ToArray(), given.ToArray());
        static bool IsStatus(JToken message) => (string?)message["type"] == "status";
        static bool IsText(JToken message) => message["type"] is not null && !IsStatus(message);
        return Difference("status messages", expected.Where(IsStatus), actual.Where(IsStatus), isFree)
            ?? Difference("events", expected.Where(IsText), actual.Where(IsText), isFree);
    }

    /// <summary>As <see cref="RunTranscript.Comparable"/>; cached nodes stand in the order of the prompt, which <see cref="InOrder"/> changes.</summary>
    public static JToken Comparable(JToken token, bool messageIsFree)
    {
        var comparable = RunTranscript.Comparable(token, messageIsFree);
        foreach (var property in ((JContainer)comparable).Descendants().OfType<JProperty>())
        {
            if (property is { Name: "nodes", Value: JArray nodes })
            {
                property.Value = new JArray(nodes.OrderBy(node => (string?)node, StringComparer.Ordinal));
            }
        }
        return comparable;
    }

    private static string? Difference(
        string what,
        IEnumerable<JToken> expected,
        IEnumerable<JToken> actual,
        bool messageIsFree
    ) =>
        JsonComparison.FirstDifference(
            Comparable(new JArray(expected), messageIsFree),
            Comparable(new JArray(actual), messageIsFree)
        )
            is { } difference
            ? what + difference
            : null;
}
