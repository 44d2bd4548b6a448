using System.Threading.Channels;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Events;

namespace NodeHost.Events;

/// <summary>Brings what happens to the sockets that are to know, in ComfyUI's order and by its rules of who is told what.</summary>
/// <remarks>
/// Whoever reports only drops a note and goes on. One task takes the notes in order, keeps up where each run is, and
/// gives messages to the sessions; each session sends at its own pace.
/// </remarks>
internal sealed class EventHub : IServerEvents, IAsyncDisposable
{
    private readonly Channel<Action> _notes = Channel.CreateUnbounded<Action>(new() { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly HashSet<SocketSession> _sessions = [];
    private readonly Dictionary<string, List<SocketSession>> _byClient = [];
    private readonly Dictionary<string, RunProgress> _runs = [];
    private readonly List<IRunWatcher> _watchers = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _pump;
    private int _remaining;

    public EventHub() => _pump = Task.Run(PumpAsync);

    public int SessionCount
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    public void Publish(string? clientId, ExecutionEvent happened) => Note(() => Deliver(clientId, happened));

    public void QueueChanged(int remaining) =>
        Note(() =>
        {
            _remaining = remaining;
            var status = EventMessages.Status(remaining);
            foreach (var session in _sessions)
            {
                session.Send(status);
            }
            _watchers.ForEach(watcher => watcher.QueueChanged(remaining));
        });

    public void JobEnded(string promptId, string? clientId) =>
        Note(() =>
        {
            _runs.Remove(promptId);
            if (clientId is not null)
            {
                SendTo(Sessions(clientId), EventMessages.Ended(promptId));
            }
            _watchers.ForEach(watcher => watcher.JobEnded(promptId));
        });

    /// <summary>A message of any type to all sockets of a client, or to everybody.</summary>
    public void Send(string? clientId, string type, JToken data) =>
        Note(() =>
            SendTo(clientId is null ? [.. _sessions] : Sessions(clientId), OutgoingMessage.Text(type, () => data))
        );

    /// <summary>From now on the watcher is told everything, in order, on the hub's own thread: it must not wait.</summary>
    public void Add(IRunWatcher watcher)
    {
        lock (_gate)
        {
            _watchers.Add(watcher);
        }
    }

    /// <summary>Where a run is; nothing when it is not running.</summary>
    public IReadOnlyList<ExecutionEvent> StateOf(string promptId)
    {
        lock (_gate)
        {
            return _runs.GetValueOrDefault(promptId)?.Last ?? [];
        }
    }

    /// <summary>Runs a socket to its end: greets it, tells it where its run is, then what happens.</summary>
    /// <param name="session">A socket that was just opened.</param>
    /// <param name="serverFeatures">The answer to its hello.</param>
    /// <param name="cancellation">Ends the session.</param>
    public async Task RunAsync(SocketSession session, JObject serverFeatures, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closing.Token);
        Enter(session);
        try
        {
            await session
                .RunAsync(features => Greet(session, features, serverFeatures), either.Token)
                .ConfigureAwait(false);
        }
        finally
        {
            Leave(session);
        }
    }

    /// <summary>Ends all sessions, so that the server can stop.</summary>
    public void Close() => _closing.Cancel();

    public async ValueTask DisposeAsync()
    {
        Close();
        _notes.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
        _closing.Dispose();
    }

    private void Note(Action note) => _notes.Writer.TryWrite(note);

    private async Task PumpAsync()
    {
        await foreach (var note in _notes.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            lock (_gate)
            {
                note();
            }
        }
    }

    private void Enter(SocketSession session)
    {
        lock (_gate)
        {
            session.Send(EventMessages.Status(_remaining, session.ClientId));
            foreach (var run in RunsOf(session))
            {
                foreach (var message in run.Replay(session.Features))
                {
                    session.Send(message);
                }
            }
            _sessions.Add(session);
            if (!_byClient.TryGetValue(session.ClientId, out var sessions))
            {
                _byClient[session.ClientId] = sessions = [];
            }
            sessions.Add(session);
        }
    }

    private void Leave(SocketSession session)
    {
        lock (_gate)
        {
            _sessions.Remove(session);
            var sessions = _byClient[session.ClientId];
            sessions.Remove(session);
            if (sessions.Count == 0)
            {
                _byClient.Remove(session.ClientId);
            }
        }
    }

    private void Greet(SocketSession session, ClientFeatures features, JObject serverFeatures)
    {
        lock (_gate)
        {
            session.Features = features;
            session.Send(OutgoingMessage.Text("feature_flags", () => serverFeatures));
        }
    }

    private void Deliver(string? clientId, ExecutionEvent happened)
    {
        if (happened is NodeWarned)
        {
            return;
        }
        var run = RunOf(clientId, happened);
        run.Note(happened);
        var targets =
            clientId is not null ? Sessions(clientId)
            : IsForAll(happened) ? [.. _sessions]
            : [];
        switch (happened)
        {
            case NodePreviewed preview:
                run.Held = preview;
                SendTo(
                    targets.Where(session => session.Features.SupportsPreviewMetadata),
                    EventMessages.PreviewWithMetadata(preview)
                );
                break;
            case NodeTextShown:
                SendTo(targets.Where(session => session.Features.SupportsPreviewMetadata), EventMessages.Of(happened));
                break;
            default:
                SendTo(targets, EventMessages.Of(happened));
                break;
        }
        // Clients of old get a step's preview behind the step, the others before it: so does the reference.
        if (happened is NodeProgressed && run.Held is { } held)
        {
            run.Held = null;
            SendTo(
                targets.Where(session => !session.Features.SupportsPreviewMetadata),
                EventMessages.PlainPreview(held)
            );
        }
        _watchers.ForEach(watcher => watcher.Happened(happened));
    }

    /// <summary>A run is kept from its start to the end of its job; what comes late from one that has ended is not kept.</summary>
    private RunProgress RunOf(string? clientId, ExecutionEvent happened)
    {
        if (happened is ExecutionStarted)
        {
            return _runs[happened.PromptId] = new(clientId);
        }
        return _runs.GetValueOrDefault(happened.PromptId) ?? new(clientId);
    }

    /// <summary>What ComfyUI sends to everybody when the prompt came without a client's id.</summary>
    private static bool IsForAll(ExecutionEvent happened) =>
        happened
            is NodeProgressed
                or ProgressStateChanged
                or NodePreviewed
                or NodeTextShown
                or ExecutionInterrupted
                or ExecutionFailed { Timestamp: null };

    private IEnumerable<RunProgress> RunsOf(SocketSession session) =>
        _runs.Values.Where(run => run.ClientId == session.ClientId);

    private List<SocketSession> Sessions(string clientId) => _byClient.GetValueOrDefault(clientId) ?? [];

    private static void SendTo(IEnumerable<SocketSession> sessions, OutgoingMessage message)
    {
        foreach (var session in sessions)
        {
            session.Send(message);
        }
    }
}
