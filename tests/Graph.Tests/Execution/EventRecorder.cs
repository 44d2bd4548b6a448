using System.Collections.Immutable;
using NodeHost.Graph.Events;

namespace NodeHost.Graph.Tests.Execution;

/// <summary>Keeps the events of a run, and can do something when one comes.</summary>
internal sealed class EventRecorder : IExecutionEvents
{
    private ImmutableSortedDictionary<int, NodeProgress> _last = ImmutableSortedDictionary<int, NodeProgress>.Empty;

    public List<ExecutionEvent> Events { get; } = [];

    public Action<ExecutionEvent>? On { get; init; }

    /// <summary>Ids of nodes in the order in which they were started.</summary>
    public IReadOnlyList<string> Started => [.. Events.OfType<NodeExecuting>().Select(happened => happened.NodeId)];

    public IReadOnlyList<string> Cached => Events.OfType<ExecutionCached>().Single().NodeIds;

    /// <summary>The run in short: <c>start</c>, <c>cached</c>, <c>run 1</c>, <c>go 1</c>, <c>show 1</c>, <c>done 1</c>, <c>success</c>.</summary>
    public string Story
    {
        get
        {
            _last = ImmutableSortedDictionary<int, NodeProgress>.Empty;
            return string.Join("; ", Events.Select(Tell));
        }
    }

    public void Publish(ExecutionEvent happened)
    {
        Events.Add(happened);
        On?.Invoke(happened);
    }

    private string Tell(ExecutionEvent happened) =>
        happened switch
        {
            ExecutionStarted => "start",
            ExecutionCached cached => $"cached {string.Join(",", cached.NodeIds)}".TrimEnd(),
            ProgressStateChanged state => Tell(state),
            NodeExecuting node => $"go {node.NodeId}",
            NodeExecuted node => $"show {node.NodeId}",
            NodeProgressed node => $"step {node.NodeId} {node.Value}/{node.Total}",
            ExecutionSucceeded => "success",
            ExecutionInterrupted => "interrupted",
            ExecutionFailed { Timestamp: null } => "blocked",
            ExecutionFailed failed => $"error {failed.Error.NodeId}",
            _ => happened.Type,
        };

    private string Tell(ProgressStateChanged state)
    {
        // A node that starts again looks as it did before; it is the one that runs.
        var changed =
            state.Nodes.FirstOrDefault(node => node.Value != _last.GetValueOrDefault(node.Key)).Value
            ?? state.Nodes.Values.Last(node => node.State == "running");
        _last = state.Nodes;
        return $"{(changed.State == "running" ? "run" : "done")} {changed.NodeId}";
    }
}
