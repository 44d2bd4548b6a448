using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>Those who wait for a job to end. Guarded by the queue's lock, but for the waiting itself.</summary>
internal sealed class JobWaiters(IJobStore store)
{
    private readonly Dictionary<string, TaskCompletionSource> _ends = [];

    public Task Add(string promptId)
    {
        if (!_ends.TryGetValue(promptId, out var end))
        {
            _ends.Add(promptId, end = new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        return end.Task;
    }

    public void End(string promptId)
    {
        if (_ends.Remove(promptId, out var end))
        {
            end.SetResult();
        }
    }

    /// <summary>The entry of a job once <paramref name="end"/> has come; without one, it has come already.</summary>
    public async Task<HistoryEntry?> EntryAsync(string promptId, Task? end, CancellationToken cancellationToken)
    {
        if (end is not null)
        {
            await end.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        return store.History(promptId);
    }
}
