using System.Net.WebSockets;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Tests.Server;

/// <summary>A ComfyUI client's WebSocket: text messages as JSON, binary ones as they came.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private SocketClient(ClientWebSocket socket) => _socket = socket;

    public WebSocketState State => _socket.State;

    public static async Task<SocketClient> ConnectAsync(
        Uri server,
        string pathAndQuery,
        Action<ClientWebSocketOptions>? configure = null
    )
    {
        var socket = new ClientWebSocket();
        configure?.Invoke(socket.Options);
        using var patience = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new Uri($"ws://{server.Authority}{pathAndQuery}"), patience.Token);
        return new(socket);
    }

    public Task SendAsync(JToken message) => SendAsync(PromptJson.Write(message));

    public Task SendAsync(string text) =>
        _socket.SendAsync(
            System.Text.Encoding.UTF8.GetBytes(text),
            WebSocketMessageType.Text,
            true,
            CancellationToken.None
        );

    /// <summary>The next message, whatever it is; null when the server closed.</summary>
    public async Task<SocketMessage?> ReceiveAsync(TimeSpan? within = null, CancellationToken cancellation = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(within ?? Patience);
        using var bytes = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(new ArraySegment<byte>(_buffer), patience.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
            bytes.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return part.MessageType == WebSocketMessageType.Binary
                    ? new(null, bytes.ToArray())
                    : new((JObject)PromptJson.Parse(System.Text.Encoding.UTF8.GetString(bytes.ToArray())), []);
            }
        }
    }

    /// <summary>The next text message of a type; what comes before it is passed over.</summary>
    public async Task<JObject> WaitForAsync(string type, Func<JObject, bool>? condition = null)
    {
        while (true)
        {
            var message = await ReceiveAsync() ?? throw new InvalidOperationException($"closed before any '{type}'");
            if (message.Type == type && (condition?.Invoke(message.Data!) ?? true))
            {
                return message.Data!;
            }
        }
    }

    /// <summary>Everything up to and with the end of a prompt: <c>executing</c> with node null.</summary>
    public async Task<IReadOnlyList<SocketMessage>> ReadToEndOfPromptAsync()
    {
        var messages = new List<SocketMessage>();
        while (true)
        {
            var message = await ReceiveAsync() ?? throw new InvalidOperationException("closed before the prompt's end");
            messages.Add(message);
            if (message.EndsPrompt)
            {
                return messages;
            }
        }
    }

    /// <summary>Gone without a word.</summary>
    public void Abort() => _socket.Abort();

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // The server went first.
        }
        _socket.Dispose();
    }
}

/// <summary>One message: JSON, or a binary frame.</summary>
internal sealed record SocketMessage(JObject? Json, byte[] Bytes)
{
    /// <summary>The type of a text message; <c>binary</c> otherwise.</summary>
    public string Type => (string?)Json?["type"] ?? "binary";

    public JObject? Data => Json?["data"] as JObject;

    public bool EndsPrompt => Type == "executing" && Data!["node"]?.Type == JTokenType.Null;
}
