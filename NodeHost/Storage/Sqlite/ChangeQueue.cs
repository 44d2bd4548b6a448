using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace NodeHost.Storage.Sqlite;

/// <summary>What waits for the writer. Waiting is sleeping: spinning would take the processor from the nodes.</summary>
internal sealed class ChangeQueue<TChange>
{
    private readonly object _gate = new();
    private readonly Queue<TChange> _waiting = [];
    private bool _isClosed;

    /// <summary>False when the queue is closed.</summary>
    public bool TryAdd(TChange change)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }
            _waiting.Enqueue(change);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Waits for the next one; false when the queue is closed and empty.</summary>
    public bool TryTake([MaybeNullWhen(false)] out TChange change)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isClosed)
            {
                Monitor.Wait(_gate);
            }
            return _waiting.TryDequeue(out change);
        }
    }

    /// <summary>Takes the next one if it comes within a time.</summary>
    public bool TryTake(TimeSpan within, [MaybeNullWhen(false)] out TChange change)
    {
        var start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isClosed)
            {
                var left = within - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    break;
                }
            }
            return _waiting.TryDequeue(out change);
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }
}
