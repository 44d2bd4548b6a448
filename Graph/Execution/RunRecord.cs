using Newtonsoft.Json.Linq;
using NodeHost.Graph.Caching;
using NodeHost.Graph.Events;

namespace NodeHost.Graph.Execution;

/// <summary>What a run leaves behind: its messages, what nodes showed, and which of them ran.</summary>
internal sealed class RunRecord(RunRequest request, ProgressTracker progress, TimeProvider time)
{
    private readonly List<ExecutionEvent> _messages = [];
    private readonly List<string> _executed = [];
    private readonly OrderedDictionary<string, NodeUi> _displays = [];

    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Publishes an event that history keeps.</summary>
    public void Announce(ExecutionEvent message)
    {
        _messages.Add(message);
        progress.Publish(message);
    }

    public void AddExecuted(RunNode node) => _executed.Add(node.Id);

    /// <summary>Notes what a node showed and tells the watchers.</summary>
    public void Show(RunNode node, JObject? ui)
    {
        NoteDisplay(node, ui);
        progress.Publish(new NodeExecuted(request.PromptId, node.Id, node.DisplayId, ui));
    }

    /// <summary>Notes a display that was there before, without telling anybody.</summary>
    public void NoteDisplay(RunNode node, JObject? ui)
    {
        if (ui is { Count: > 0 })
        {
            _displays[node.Id] = new(node.Id, node.DisplayId, node.ParentId, node.RealId, ui);
        }
    }

    public JObject? DisplayOf(RunNode node) => _displays.GetValueOrDefault(node.Id)?.Output;

    /// <summary>Nodes that ran, in the order of the graph.</summary>
    public IReadOnlyList<string> ExecutedOf(RunGraph? graph)
    {
        var executed = _executed.ToHashSet();
        return [.. graph?.NodeIds.Where(executed.Contains) ?? []];
    }

    public RunResult Conclude(RunStatus status, ExecutionError? error, IReadOnlyList<CacheDecision> decisions) =>
        new()
        {
            Request = request,
            Status = status,
            Error = error,
            Displays = [.. _displays.Values],
            Messages = [.. _messages],
            Executed = [.. _executed],
            Decisions = CacheDecision.AfterRun(decisions, _executed, status),
        };
}
