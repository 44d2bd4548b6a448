using Microsoft.AspNetCore.SignalR;
using NodeHost.Events;

namespace NodeHost.Hubs;

/// <summary>One connection to the hub: which prompts it follows, and what it is owed, sent at its own pace.</summary>
internal sealed class HubSubscriber : IDisposable
{
    private readonly ISingleClientProxy _client;
    private readonly Action _giveUp;
    private readonly OutgoingQueue _outgoing = new();
    private readonly CancellationTokenSource _ended = new();

    /// <param name="client">Where messages go.</param>
    /// <param name="giveUp">Ends a connection that is hopelessly behind.</param>
    public HubSubscriber(ISingleClientProxy client, Action giveUp)
    {
        (_client, _giveUp) = (client, giveUp);
        _ = Task.Run(SendAllAsync);
    }

    /// <summary>Changed and read under the lock of <see cref="HubSubscribers"/> only.</summary>
    public HashSet<string> PromptIds { get; } = [];

    /// <summary>Never waits.</summary>
    public void Send(OutgoingMessage message)
    {
        if (!_outgoing.TryAdd(message))
        {
            _giveUp();
        }
    }

    public void Dispose() => _ = _ended.CancelAsync();

    private async Task SendAllAsync()
    {
        try
        {
            while (true)
            {
                var message = await _outgoing.TakeAsync(_ended.Token).ConfigureAwait(false);
                await _client
                    .SendAsync(message.Type, HubJson.Element(message.Data), _ended.Token)
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            _ended.Dispose();
        }
    }
}
