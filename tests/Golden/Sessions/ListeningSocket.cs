using System.Threading.Channels;
using Newtonsoft.Json.Linq;
using NodeHost.Tests.Server;

namespace NodeHost.Golden.Sessions;

/// <summary>A page's WebSocket: it takes what comes at once, as a browser does, and keeps text messages until they are asked for.</summary>
internal sealed class ListeningSocket : IAsyncDisposable
{
    private readonly Channel<JObject> _messages = Channel.CreateUnbounded<JObject>();
    private readonly CancellationTokenSource _closing = new();
    private readonly SocketClient _socket;
    private readonly Task _pump;

    private ListeningSocket(SocketClient socket)
    {
        _socket = socket;
        _pump = PumpAsync();
    }

    public static async Task<ListeningSocket> OpenAsync(ServerProcess server, string pathAndQuery) =>
        new(await SocketClient.ConnectAsync(server.Address, pathAndQuery));

    /// <summary>The next text message; null when none comes in time.</summary>
    public async Task<JObject?> NextAsync(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            return await _messages.Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _pump;
        await _socket.DisposeAsync();
        _closing.Dispose();
    }

    private async Task PumpAsync()
    {
        var patience = TimeSpan.FromMinutes(30);
        try
        {
            while (await _socket.ReceiveAsync(patience, _closing.Token) is { } message)
            {
                if (message.Json is { } json)
                {
                    await _messages.Writer.WriteAsync(json);
                }
            }
            _messages.Writer.Complete(new InvalidOperationException("The server closed the WebSocket."));
        }
        catch (OperationCanceledException)
        {
            _messages.Writer.Complete();
        }
        catch (Exception error)
        {
            _messages.Writer.Complete(error);
        }
    }
}
