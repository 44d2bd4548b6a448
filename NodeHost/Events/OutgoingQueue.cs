namespace NodeHost.Events;

/// <summary>
/// What waits to be sent to one socket. A reader that keeps up gets everything; from one that falls behind, what a later
/// message makes worthless (steps, previews) is taken out; one that is hopelessly behind is given up.
/// </summary>
internal sealed class OutgoingQueue
{
    /// <summary>From here on a new step takes the place of the last one that waits.</summary>
    public const int Behind = 64;

    /// <summary>More than this, of messages that must all arrive, is hopeless.</summary>
    public const int Hopeless = 4096;

    private readonly Lock _gate = new();
    private readonly LinkedList<OutgoingMessage> _messages = [];
    private readonly Dictionary<string, LinkedListNode<OutgoingMessage>> _superseded = [];
    private TaskCompletionSource? _waiting;

    /// <summary>False when the reader is too far behind to be told anything more.</summary>
    public bool TryAdd(OutgoingMessage message)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            if (_messages.Count >= Hopeless)
            {
                return false;
            }
            if (message.SupersededBy is { } key)
            {
                if (_messages.Count >= Behind && _superseded.TryGetValue(key, out var earlier))
                {
                    _messages.Remove(earlier);
                }
                _superseded[key] = _messages.AddLast(message);
            }
            else
            {
                _messages.AddLast(message);
            }
            waiting = _waiting;
            _waiting = null;
        }
        waiting?.TrySetResult();
        return true;
    }

    /// <summary>The next message, as soon as there is one.</summary>
    public async ValueTask<OutgoingMessage> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            TaskCompletionSource waiting;
            lock (_gate)
            {
                if (_messages.First is { } first)
                {
                    Remove(first);
                    return first.Value;
                }
                // The continuation must not run on the thread that adds: that one has a run to get on with.
                _waiting = waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            await waiting.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private void Remove(LinkedListNode<OutgoingMessage> node)
    {
        _messages.Remove(node);
        if (node.Value.SupersededBy is { } key && _superseded.TryGetValue(key, out var last) && last == node)
        {
            _superseded.Remove(key);
        }
    }
}
