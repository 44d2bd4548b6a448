using System.Text;
using System.Threading.Channels;
using Newtonsoft.Json.Linq;
using NodeHost.Events;
using NodeHost.Graph.Events;
using NodeHost.Graph.Workflows;
using NodeHost.Queue;

namespace NodeHost.Webhooks;

/// <summary>
/// Calls those who asked to be called when their job has ended. The queue keeps what is owed, so a call survives a crash:
/// the receiver may get it twice, but not never. A receiver that does not answer is tried again, ever more seldom.
/// </summary>
internal sealed class WebhookSender : IRunWatcher, IAsyncDisposable
{
    private const int Batch = 256;

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
    ];

    private readonly IJobQueue _queue;
    private readonly WebhookClient _client = new();
    private readonly TimeProvider _time;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, Task> _calls = [];
    private readonly SemaphoreSlim _atOnce = new(8);
    private readonly Task _work;

    public WebhookSender(IJobQueue queue, TimeProvider? time = null)
    {
        (_queue, _time) = (queue, time ?? TimeProvider.System);
        _wake.Writer.TryWrite(true); // what is owed from before
        _work = Task.Run(WorkAsync);
    }

    public void Happened(ExecutionEvent happened) { }

    public void QueueChanged(int remaining) { }

    public void JobEnded(string promptId) => _wake.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        await Task.WhenAll(_calls.Values).ConfigureAwait(false);
        _client.Dispose();
        _atOnce.Dispose();
        _stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (await _wake.Reader.WaitToReadAsync(_stopping.Token).ConfigureAwait(false))
            {
                _wake.Reader.TryRead(out _);
                foreach (var (id, call) in _calls.ToArray())
                {
                    if (call.IsCompleted)
                    {
                        _calls.Remove(id);
                    }
                }
                foreach (var owed in await _queue.OwedWebhooksAsync(Batch, _stopping.Token).ConfigureAwait(false))
                {
                    if (!_calls.ContainsKey(owed.PromptId))
                    {
                        _calls.Add(owed.PromptId, CallAsync(owed));
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what is still owed is called after the next start.
        }
    }

    private async Task CallAsync(WebhookCall owed)
    {
        try
        {
            var webhook = Webhook.FromJson((JObject)PromptJson.Parse(Encoding.UTF8.GetString(owed.Webhook.Span)));
            var body = await BodyAsync(owed.PromptId).ConfigureAwait(false);
            if (!await TryAllAsync(webhook, body).ConfigureAwait(false))
            {
                await Console
                    .Error.WriteLineAsync(
                        $"webhook of prompt {owed.PromptId}: {webhook.Url.Host} did not take it in {Pauses.Length + 1} attempts; given up"
                    )
                    .ConfigureAwait(false);
            }
            await _queue.SettleWebhookAsync(owed.PromptId).ConfigureAwait(false);
            _wake.Writer.TryWrite(true); // there may be more owed than one batch
        }
        catch (OperationCanceledException)
        {
            // As above.
        }
    }

    private async Task<bool> TryAllAsync(Webhook webhook, byte[] body)
    {
        for (var attempt = 0; attempt <= Pauses.Length; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(Pauses[attempt - 1], _time, _stopping.Token).ConfigureAwait(false);
            }
            await _atOnce.WaitAsync(_stopping.Token).ConfigureAwait(false);
            try
            {
                var now = _time.GetUtcNow().ToUnixTimeSeconds();
                if (await _client.TryCallAsync(webhook, body, now, _stopping.Token).ConfigureAwait(false))
                {
                    return true;
                }
            }
            finally
            {
                _atOnce.Release();
            }
        }
        return false;
    }

    /// <summary><c>{"prompt_id", "status", "outputs", "meta"}</c>, the last three as in history.</summary>
    private async Task<byte[]> BodyAsync(string promptId)
    {
        var body = new JObject { ["prompt_id"] = promptId };
        if (await _queue.HistoryAsync(promptId, _stopping.Token).ConfigureAwait(false) is { } entry)
        {
            var result = (JObject)PromptJson.Parse(Encoding.UTF8.GetString(entry.Json.Span));
            foreach (var part in (string[])["status", "outputs", "meta"])
            {
                body[part] = result[part];
            }
        }
        return Encoding.UTF8.GetBytes(PromptJson.Write(body));
    }
}
