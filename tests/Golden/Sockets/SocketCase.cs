using System.Buffers.Binary;
using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Golden.Comparison;
using NodeHost.Graph.Workflows;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Sockets;

/// <summary>A recorded session of one client with a WebSocket: hello, a prompt, requests in its course, events and frames.</summary>
internal sealed class SocketCase(ServerProcess server, JToken recorded, GoldenFolder folder)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly Queue<JToken> _actions = new(recorded["actions"] ?? new JArray());
    private readonly List<SocketMessage> _messages = [];

    /// <summary>Null when everything is as recorded.</summary>
    public async Task<string?> RunAsync()
    {
        await using var socket = await SocketClient.ConnectAsync(server.Address, (string)recorded["ws_path"]!);
        _messages.Add((await socket.ReceiveAsync())!);
        if (recorded["client_flags"] is JObject flags)
        {
            await socket.SendAsync(new JObject { ["type"] = "feature_flags", ["data"] = flags });
            _messages.Add((await socket.ReceiveAsync())!);
        }
        if (recorded["request_json"] is not JObject request)
        {
            return await HearNothingAsync(socket) ?? Difference();
        }
        var order = ((JObject)recorded["history"]!).Properties().Single().Value["prompt"]![4]!;
        var body = SocketTranscript.InOrder(request, [.. order.Select(id => (string)id!)]);
        using var response = await server.Http.PostJsonAsync("/prompt", body);
        var answer = await response.ReadJsonAsync();
        await FollowAsync(socket);
        return JsonComparison.FirstDifference(recorded["response"]!["json"]!, answer) is { } wrong
            ? $"response{wrong}"
            : Difference() ?? await HistoryDifferenceAsync((string)answer["prompt_id"]!);
    }

    private static async Task<string?> HearNothingAsync(SocketClient socket)
    {
        try
        {
            return $"expected silence, got {(await socket.ReceiveAsync(Quiet))?.Json}";
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task FollowAsync(SocketClient socket)
    {
        while (true)
        {
            var message = await socket.ReceiveAsync() ?? throw new InvalidOperationException("closed before the end");
            _messages.Add(message);
            if (_actions.TryPeek(out var action) && (string?)action["on"] == message.Type)
            {
                _actions.Dequeue();
                var content = action["request_json"] is { } json ? PromptJson.Write(json) : "";
                using var response = await server.Http.PostTextAsync((string)action["path"]!, content);
                response.EnsureSuccessStatusCode();
            }
            if (message.EndsPrompt)
            {
                return;
            }
        }
    }

    private string? Difference()
    {
        var expected = recorded["events"]!.Where(message => message["action"] is null).ToArray();
        var isInterrupted = recorded["actions"]?.Any() ?? false;
        var given = _messages.Select(Describe).ToArray();
        if (isInterrupted)
        {
            // How many steps are made before the interrupt is heard depends on timing.
            (expected, given) = (WithoutSteps(expected), WithoutSteps(given));
        }
        return SocketTranscript.DifferenceOfMessages(expected, given, isFree: false)
            ?? (isInterrupted ? null : OrderDifference(expected, given) ?? FrameDifference(expected));
    }

    private static JToken Describe(SocketMessage message) =>
        message.Json ?? (JToken)new JObject { ["binary"] = FrameType(message.Bytes) };

    private static int FrameType(byte[] frame) => BinaryPrimitives.ReadInt32BigEndian(frame);

    private static JToken[] WithoutSteps(JToken[] messages) =>
        [
            .. messages.Where(message =>
                message["binary"] is null && (string?)message["type"] is not ("progress" or "progress_state")
            ),
        ];

    /// <summary>Where frames stand between the other messages.</summary>
    private static string? OrderDifference(JToken[] expected, JToken[] given)
    {
        static string Kind(JToken message) => (string?)message["type"] ?? $"frame {message["binary"]}";
        static string[] Kinds(JToken[] messages) => [.. messages.Select(Kind).Where(kind => kind != "status")];
        var (wanted, actual) = (Kinds(expected), Kinds(given));
        return wanted.SequenceEqual(actual)
            ? null
            : $"expected messages {string.Join(" ", wanted)}, got {string.Join(" ", actual)}";
    }

    private string? FrameDifference(JToken[] expected)
    {
        var frames = _messages.Where(message => message.Type == "binary").Select(message => message.Bytes);
        foreach (var (wanted, frame) in expected.Where(message => message["binary"] is not null).Zip(frames))
        {
            var original = File.ReadAllBytes(folder.PathOf("http", (string)wanted["file"]!));
            var ((expectedHead, expectedPicture), (head, picture)) = (Split(original), Split(frame));
            if (!JToken.DeepEquals(expectedHead, head))
            {
                return $"frame: expected {expectedHead}, got {head}";
            }
            if (AnswerComparison.PictureDifference(expectedPicture, picture, "image/jpeg") is { } difference)
            {
                return $"frame: {difference}";
            }
        }
        return null;
    }

    /// <summary>What a frame says of its picture, and the picture.</summary>
    private static (JToken Head, byte[] Picture) Split(byte[] frame)
    {
        const int Head = 8;
        var second = BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
        return FrameType(frame) == 1
            ? (new JObject { ["format"] = second }, frame[Head..])
            : (PromptJson.Parse(Encoding.UTF8.GetString(frame, Head, second)), frame[(Head + second)..]);
    }

    private async Task<string?> HistoryDifferenceAsync(string promptId)
    {
        var history = await server.Http.GetJsonAsync($"/history/{promptId}");
        return AnswerComparison.Difference(recorded["history"]!, history) is { } difference
            ? $"history{difference}"
            : null;
    }
}
