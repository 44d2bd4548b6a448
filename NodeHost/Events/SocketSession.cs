using System.Net.WebSockets;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Events;

/// <summary>One socket: what it is owed goes out in order and at its own pace; of what comes in, the first message counts.</summary>
/// <param name="socket">Accepted and open.</param>
/// <param name="clientId">The id it came with, or was given.</param>
internal sealed class SocketSession(WebSocket socket, string clientId) : IDisposable
{
    private const int MaxInboundBytes = 4 * 1024 * 1024;

    /// <summary>Below this, packing costs more than it saves.</summary>
    private const int WorthCompressing = 1024;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly OutgoingQueue _outgoing = new();
    private readonly CancellationTokenSource _ended = new();

    public string ClientId => clientId;

    public ClientFeatures Features { get; set; } = ClientFeatures.None;

    /// <summary>Never waits: a socket that cannot take any more is closed.</summary>
    public void Send(OutgoingMessage message)
    {
        if (!_outgoing.TryAdd(message))
        {
            End();
        }
    }

    /// <summary>Ends the session from this side.</summary>
    public void End() => _ = _ended.CancelAsync();

    /// <summary>Sends and receives until either side has enough.</summary>
    /// <param name="greet">Is called when the client has said what it understands.</param>
    /// <param name="cancellation">Ends the session.</param>
    public async Task RunAsync(Action<ClientFeatures> greet, CancellationToken cancellation)
    {
        await using var ending = cancellation.UnsafeRegister(_ => End(), null).ConfigureAwait(false);
        var sending = SendAllAsync(_ended.Token);
        try
        {
            await ReceiveAllAsync(greet, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException)
        {
            // Gone, or sent away.
        }
        End();
        await sending.ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    public void Dispose() => _ended.Dispose();

    private async Task SendAllAsync(CancellationToken ended)
    {
        try
        {
            while (true)
            {
                var message = await _outgoing.TakeAsync(ended).ConfigureAwait(false);
                var isPacked = !message.IsBinary && message.Bytes.Length >= WorthCompressing;
                await socket
                    .SendAsync(
                        message.Bytes,
                        message.IsBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text,
                        isPacked
                            ? WebSocketMessageFlags.EndOfMessage
                            : WebSocketMessageFlags.EndOfMessage | WebSocketMessageFlags.DisableCompression,
                        ended
                    )
                    .ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            End();
        }
    }

    private async Task ReceiveAllAsync(Action<ClientFeatures> greet, CancellationToken ended)
    {
        var isFirst = true;
        var buffer = new byte[4096];
        using var message = new MemoryStream();
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), ended).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close || message.Length + part.Count > MaxInboundBytes)
            {
                return;
            }
            if (isFirst)
            {
                message.Write(buffer, 0, part.Count);
            }
            if (part.EndOfMessage)
            {
                if (isFirst && part.MessageType == WebSocketMessageType.Text)
                {
                    isFirst = !Hear(message, greet);
                }
                message.SetLength(0);
            }
        }
    }

    /// <summary>False for what is no JSON, which does not count as the first message.</summary>
    private static bool Hear(MemoryStream message, Action<ClientFeatures> greet)
    {
        try
        {
            var text = Encoding.UTF8.GetString(message.GetBuffer(), 0, (int)message.Length);
            if (PromptJson.Parse(text) is JObject hello && hello["type"] is JValue { Value: "feature_flags" })
            {
                greet(ClientFeatures.Read(hello["data"]));
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task CloseAsync()
    {
        using var patience = new CancellationTokenSource(Farewell);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket
                    .CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token)
                    .ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // It is gone already.
        }
    }
}
