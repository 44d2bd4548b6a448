using System.Net.WebSockets;
using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Tests.Server.Hubs;

/// <summary>SignalR's JSON protocol over a WebSocket without negotiation, as far as the tests need it.</summary>
internal sealed class HubClient : IDisposable
{
    private const char End = '\u001e';
    private const int Invocation = 1;
    private const int StreamItem = 2;
    private const int Completion = 3;
    private const int StreamInvocation = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<JObject> _received = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private string _rest = "";
    private int _calls;

    public static async Task<HubClient> ConnectAsync(Uri server)
    {
        var client = new HubClient();
        await client._socket.ConnectAsync(new Uri($"ws://{server.Authority}/hub"), CancellationToken.None);
        await client.SendAsync(new JObject { ["protocol"] = "json", ["version"] = 1 });
        await client.NextAsync();
        return client;
    }

    /// <summary>Calls a method of the hub; the result of its completion.</summary>
    public async Task<JToken?> CallAsync(string method, params JToken[] arguments)
    {
        var id = await StartAsync(Invocation, method, arguments);
        var completion = await WaitAsync(message =>
            (int)message["type"]! == Completion && (string?)message["invocationId"] == id
        );
        return completion["error"] is { } error
            ? throw new InvalidOperationException((string?)error)
            : completion["result"];
    }

    /// <summary>Begins to read a stream of the hub.</summary>
    public Task<string> StreamAsync(string method, params JToken[] arguments) =>
        StartAsync(StreamInvocation, method, arguments);

    /// <summary>The next item of a stream.</summary>
    public async Task<JToken> ItemAsync(string stream) =>
        (await WaitAsync(message => (int)message["type"]! == StreamItem && (string?)message["invocationId"] == stream))[
            "item"
        ]!;

    public Task CompletedAsync(string stream) =>
        WaitAsync(message => (int)message["type"]! == Completion && (string?)message["invocationId"] == stream);

    /// <summary>The data of the next call of a client's method.</summary>
    public async Task<JObject> EventAsync(string target, Func<JObject, bool>? condition = null) =>
        (JObject)
            (
                await WaitAsync(message =>
                    (string?)message["target"] == target
                    && (condition?.Invoke((JObject)message["arguments"]![0]!) ?? true)
                )
            )["arguments"]![0]!;

    public void Dispose() => _socket.Dispose();

    private async Task<string> StartAsync(int type, string method, JToken[] arguments)
    {
        var id = $"{++_calls}";
        await SendAsync(
            new JObject
            {
                ["type"] = type,
                ["invocationId"] = id,
                ["target"] = method,
                ["arguments"] = new JArray(arguments),
            }
        );
        return id;
    }

    private Task SendAsync(JObject message) =>
        _socket.SendAsync(
            Encoding.UTF8.GetBytes(PromptJson.Write(message) + End),
            WebSocketMessageType.Text,
            true,
            CancellationToken.None
        );

    /// <summary>The first message that fits; the others stay for later.</summary>
    private async Task<JObject> WaitAsync(Func<JObject, bool> fits)
    {
        var others = new List<JObject>();
        while (true)
        {
            var message = await NextAsync();
            if (message.ContainsKey("type") && fits(message))
            {
                var kept = others.Concat(_received).ToArray();
                _received.Clear();
                Array.ForEach(kept, _received.Enqueue);
                return message;
            }
            others.Add(message);
        }
    }

    private async Task<JObject> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (_received.Count == 0)
        {
            var part = await _socket.ReceiveAsync(new ArraySegment<byte>(_buffer), patience.Token);
            _rest += Encoding.UTF8.GetString(_buffer, 0, part.Count);
            var records = _rest.Split(End);
            foreach (var record in records[..^1])
            {
                _received.Enqueue((JObject)PromptJson.Parse(record));
            }
            _rest = records[^1];
        }
        return _received.Dequeue();
    }
}
