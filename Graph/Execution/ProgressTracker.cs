using System.Collections.Immutable;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Events;

namespace NodeHost.Graph.Execution;

/// <summary>Knows how far every node is and tells the watchers; calls come from any thread.</summary>
internal sealed class ProgressTracker(string promptId, IExecutionEvents events) : INodeReporter
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Place, RunNode Node)> _started = [];
    private ImmutableSortedDictionary<int, NodeProgress> _nodes = ImmutableSortedDictionary<int, NodeProgress>.Empty;

    public void Publish(ExecutionEvent happened)
    {
        lock (_lock)
        {
            events.Publish(happened);
        }
    }

    public void Start(RunNode node)
    {
        Enlist(node);
        Update(node.Id, _ => ("running", 0.0, 1.0), null);
    }

    public void Finish(RunNode node)
    {
        Enlist(node);
        Update(node.Id, known => ("finished", known?.Total ?? new JValue(1L), known?.Total ?? new JValue(1L)), null);
    }

    public void Progress(string nodeId, double value, double total, NodePreview? preview) =>
        Update(
            nodeId,
            _ => ("running", Number(value), Number(total)),
            progress =>
            {
                if (preview is not null)
                {
                    events.Publish(new NodePreviewed(promptId, progress, preview));
                }
                events.Publish(new NodeProgressed(promptId, nodeId, progress.Value, progress.Total));
            }
        );

    public void Text(string nodeId, string text) => Publish(new NodeTextShown(promptId, nodeId, text));

    public void Warn(string nodeId, string message) => Publish(new NodeWarned(promptId, nodeId, message));

    private void Enlist(RunNode node)
    {
        lock (_lock)
        {
            _started.TryAdd(node.Id, (_started.Count, node));
        }
    }

    private static JValue Number(double number) =>
        double.IsInteger(number) && Math.Abs(number) < long.MaxValue ? new JValue((long)number) : new JValue(number);

    private void Update(
        string nodeId,
        Func<NodeProgress?, (string State, JToken Value, JToken Total)> change,
        Action<NodeProgress>? then
    )
    {
        lock (_lock)
        {
            if (!_started.TryGetValue(nodeId, out var started))
            {
                return;
            }
            var (place, node) = started;
            var (state, value, total) = change(_nodes.GetValueOrDefault(place));
            var progress = new NodeProgress(nodeId, node.DisplayId, node.ParentId, node.RealId, state, value, total);
            _nodes = _nodes.SetItem(place, progress);
            events.Publish(new ProgressStateChanged(promptId, _nodes));
            then?.Invoke(progress);
        }
    }
}
