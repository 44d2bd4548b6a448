using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Golden.Sockets;
using NodeHost.Graph.Workflows;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Sessions;

/// <summary>The page of the official frontend as it was recorded: its requests, phase by phase, and its WebSocket.</summary>
internal sealed class SessionReplay(ServerProcess server, GoldenFolder folder) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, string> _placeholders = [];
    private readonly SessionBodies _bodies = new(folder);
    private ListeningSocket? _socket;
    private string _clientId = "CLIENT";

    /// <summary>What of a phase is the server's: not the frontend's own files, nor other hosts.</summary>
    public static bool IsCompared(JToken exchange)
    {
        var path = (string)exchange["path"]!;
        return path.StartsWith("/api/", StringComparison.Ordinal)
            || path.StartsWith("/internal/", StringComparison.Ordinal)
            || (path.StartsWith("/templates/", StringComparison.Ordinal) && (string?)exchange["kind"] == "xhr");
    }

    /// <summary>Null when requests are answered, and messages come, as recorded.</summary>
    public async Task<string?> RunAsync(JToken phase)
    {
        var messages = new SessionMessages(phase);
        var given = new List<JObject>();
        if (phase["ws"]!.FirstOrDefault(message => message["open"] is not null) is { } opened)
        {
            given.Add(await OpenAsync((string)opened["open"]!));
        }
        var problems = new List<string>();
        var exchanges = phase["http"]!.Where(IsCompared).ToArray();
        for (var index = 0; index < exchanges.Length; index++)
        {
            if ((string?)exchanges[index]["path"] == "/api/interrupt" && messages.BeginsWithSteps)
            {
                await ListenToStepsAsync(given);
            }
            // The state of queue and history at this moment of the recording, or at a later one of the phase.
            var allowed = exchanges[index..]
                .Where(other => JToken.DeepEquals(other["path"], exchanges[index]["path"]))
                .Where(other => JToken.DeepEquals(other["method"], exchanges[index]["method"]));
            if (await DifferenceAsync((string)phase["phase"]!, exchanges[index], [.. allowed]) is { } difference)
            {
                problems.Add($"{exchanges[index]["method"]} {exchanges[index]["path"]}: {difference}");
            }
        }
        if (await ListenAsync(messages, given) is { } other)
        {
            problems.Add(other);
        }
        return problems.Count == 0 ? null : string.Join("; ", problems);
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket is not null)
        {
            await _socket.DisposeAsync();
        }
    }

    private async Task<JObject> OpenAsync(string path)
    {
        await DisposeAsync();
        _socket = await ListeningSocket.OpenAsync(server, path.Replace("CLIENT", _clientId, StringComparison.Ordinal));
        var greeting = await _socket.NextAsync(Patience) ?? throw new InvalidOperationException("no greeting came");
        _clientId = (string)greeting["data"]!["sid"]!;
        _placeholders[_clientId] = "CLIENT";
        return greeting;
    }

    /// <summary>The recorded run had made steps when it was interrupted.</summary>
    private async Task ListenToStepsAsync(List<JObject> given)
    {
        const int Whole = 3; // the second message of one step and both of the next
        while (given.Count(SessionMessages.IsStep) < Whole && await _socket!.NextAsync(Patience) is { } message)
        {
            given.Add(message);
        }
    }

    /// <summary>Waits until what came is what is recorded; once nothing is recorded, that nothing comes.</summary>
    private async Task<string?> ListenAsync(SessionMessages messages, List<JObject> given)
    {
        var silence = TimeSpan.FromMilliseconds(100);
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            var difference = messages.Difference(given, _placeholders);
            if (difference is null && (!messages.IsEmpty || DateTime.UtcNow > end - Patience + silence))
            {
                return null;
            }
            if (DateTime.UtcNow > end || (messages.IsEmpty && difference is not null))
            {
                return difference;
            }
            if (await _socket!.NextAsync(messages.IsEmpty ? silence : Patience) is { } message)
            {
                given.Add(message);
            }
        }
    }

    private async Task<string?> DifferenceAsync(string phase, JToken exchange, JToken[] allowed)
    {
        var isState = (string?)exchange["path"] is "/api/queue" or "/api/history?max_items=64";
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            using var request = Request(phase, exchange);
            using var response = await server.Http.SendAsync(request);
            var type = response.Content.Headers.ContentType?.ToString();
            if ((int)response.StatusCode != (int)exchange["status"]! || type != (string?)exchange["content_type"])
            {
                return $"expected {exchange["status"]} {exchange["content_type"]}, got {(int)response.StatusCode} {type}";
            }
            var body = await response.Content.ReadAsStringAsync();
            if (!isState || (string?)exchange["method"] != "GET")
            {
                return BodyDifference(exchange, body);
            }
            var differences = allowed.Select(other => BodyDifference(other, body)).ToArray();
            if (differences.Contains(null))
            {
                return null;
            }
            if (DateTime.UtcNow > end)
            {
                return differences[0];
            }
            await Task.Delay(10);
        }
    }

    private string? BodyDifference(JToken exchange, string body)
    {
        var path = (string)exchange["path"]!;
        if (path.StartsWith("/internal/", StringComparison.Ordinal) && (string?)exchange["method"] == "GET")
        {
            return SessionText.LogDifference(path, PromptJson.Parse(body));
        }
        if (exchange["response_body"] is JValue { Value: string expected })
        {
            var given = PromptJson.Parse(body);
            if (given is JObject answer && (string?)answer["prompt_id"] is { } promptId)
            {
                _placeholders[promptId] = "UUID";
            }
            return AnswerComparison.Difference(PromptJson.Parse(expected), SessionText.Masked(given, _placeholders));
        }
        if (path is not ("/api/queue" or "/api/history?max_items=64") || exchange["response_bytes"] is not { } size)
        {
            return null;
        }
        var length = SessionText.Length(PromptJson.Parse(body));
        return length == (int)size ? null : $"expected {size} bytes, got {length}: {body}";
    }

    private HttpRequestMessage Request(string phase, JToken exchange)
    {
        var path = ((string)exchange["path"]!).Replace("RAND", "0.5", StringComparison.Ordinal);
        var request = new HttpRequestMessage(new((string)exchange["method"]!), path);
        if ((string?)exchange["comfy_user_header"] is { } user)
        {
            request.Headers.TryAddWithoutValidation("Comfy-User", user);
        }
        if ((string?)exchange["request_content_type"] is { } type)
        {
            var text = ((string?)exchange["request_body"] ?? "").Replace("CLIENT", _clientId, StringComparison.Ordinal);
            request.Content = new ByteArrayContent(
                exchange["request_body_bytes"] is null
                    ? Encoding.UTF8.GetBytes(text)
                    : _bodies.For(phase, exchange, _clientId)
            );
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        return request;
    }
}
