using NodeHost.Graph.Events;

namespace NodeHost.Events;

/// <summary>What somebody who connects in mid-run needs to be told: where the run is.</summary>
/// <param name="clientId">Whose run it is.</param>
internal sealed class RunProgress(string? clientId)
{
    private NodeExecuting? _executing;
    private ProgressStateChanged? _state;
    private NodePreviewed? _preview;

    public string? ClientId { get; } = clientId;

    /// <summary>A preview that clients of old get behind the step it belongs to.</summary>
    public NodePreviewed? Held { get; set; }

    public void Note(ExecutionEvent happened)
    {
        switch (happened)
        {
            case NodeExecuting executing:
                _executing = executing;
                _preview = null;
                break;
            case ProgressStateChanged state:
                _state = state;
                break;
            case NodePreviewed preview:
                _preview = preview;
                break;
            default:
                break;
        }
    }

    /// <summary>The last events that say where the run is.</summary>
    public IReadOnlyList<ExecutionEvent> Last =>
        [.. new ExecutionEvent?[] { _executing, _state, _preview }.OfType<ExecutionEvent>()];

    /// <summary>The messages that make up for what was missed.</summary>
    public IEnumerable<OutgoingMessage> Replay(ClientFeatures features)
    {
        if (_executing is null)
        {
            yield break;
        }
        yield return EventMessages.StillExecuting(_executing);
        if (_state is not null)
        {
            yield return EventMessages.Of(_state);
        }
        if (_preview is not null)
        {
            yield return EventMessages.Preview(_preview, features);
        }
    }
}
