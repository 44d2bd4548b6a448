using System.Runtime.CompilerServices;
using System.Text;
using Newtonsoft.Json.Linq;
using NodeHost.Events;
using NodeHost.Graph.Workflows;
using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>The queue over a store. In memory it keeps the order of waiting jobs and who waits for an end, no more.</summary>
internal sealed class JobQueue : IJobQueue, IDisposable
{
    private readonly IJobStore _store;
    private readonly IServerEvents _events;
    private readonly TimeProvider _time;
    private readonly JobNumbers _numbers;
    private readonly JobWaiters _waiters;
    private readonly Lock _lock = new();
    private readonly Lock _announcing = new();
    private readonly PendingHeap _pending = new();
    private readonly Dictionary<string, ActiveJob> _running = [];
    private readonly List<WorkerSlot> _workers = [];
    private bool _isPaused;

    public JobQueue(IJobStore store, IServerEvents events, RestartPolicy onRestart, TimeProvider? time = null)
    {
        (_store, _events, _time) = (store, events, time ?? TimeProvider.System);
        _numbers = new(store);
        _waiters = new(store);
        var stored = store.Load();
        _isPaused = stored.IsPaused;
        foreach (var job in stored.Pending.Concat(JobRecovery.Recover(store, stored.Interrupted, onRestart, _time)))
        {
            _pending.Push(job);
        }
    }

    public int Remaining
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count + _running.Count;
            }
        }
    }

    public IReadOnlyList<RunningJob> Running
    {
        get
        {
            lock (_lock)
            {
                return [.. _running.Values.Select(job => job.Description)];
            }
        }
    }

    public bool IsPaused
    {
        get
        {
            lock (_lock)
            {
                return _isPaused;
            }
        }
    }

    public long TakeNumber() => _numbers.Take();

    public async Task<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var job = ToStore(submission);
        // Once handed over it is accepted, whether or not the client is still there to hear so.
        var added = await _store.AddAsync(job).ConfigureAwait(false);
        if (added.Conflict is { } state)
        {
            return new(state);
        }
        lock (_lock)
        {
            _pending.Push(new(added.Id, job.PromptId, job.Number));
        }
        Announce();
        RingAll();
        return new(null);
    }

    public Task<QueueSnapshot> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long[] running;
        long[] pending;
        lock (_lock)
        {
            running = [.. _running.Values.Select(job => job.Key.Id)];
            pending = [.. _pending.Jobs.Select(job => job.Id)];
        }
        return Task.FromResult(new QueueSnapshot(_store.QueueRows(running), _store.QueueRows(pending)));
    }

    public async Task<int> DeletePendingAsync(IReadOnlyCollection<string> promptIds)
    {
        var removed = new List<JobKey>();
        foreach (var promptId in promptIds)
        {
            JobKey? job;
            bool isEmpty;
            lock (_lock)
            {
                job = _pending.Remove(promptId);
                isEmpty = _pending.Count == 0;
            }
            if (job is not null)
            {
                removed.Add(job);
                Announce();
                if (isEmpty)
                {
                    // ComfyUI says so twice.
                    Announce();
                }
            }
        }
        await ForgetAsync(removed).ConfigureAwait(false);
        return removed.Count;
    }

    public async Task<int> ClearPendingAsync()
    {
        IReadOnlyList<JobKey> removed;
        lock (_lock)
        {
            removed = _pending.Clear();
        }
        Announce();
        await ForgetAsync(removed).ConfigureAwait(false);
        return removed.Count;
    }

    public bool Interrupt(string? promptId = null)
    {
        lock (_lock)
        {
            var jobs = _running.Values.Where(job => promptId is null || job.Key.PromptId == promptId).ToArray();
            foreach (var job in jobs)
            {
                job.Interrupt();
            }
            return jobs.Length > 0;
        }
    }

    public async Task<bool> CancelAsync(IReadOnlyCollection<string> promptIds)
    {
        var removed = await DeletePendingAsync(promptIds).ConfigureAwait(false);
        // After the pending ones: what a worker has taken meanwhile is running now.
        return promptIds.Count(Interrupt) + removed > 0;
    }

    public Task PauseAsync() => SetPausedAsync(true);

    public Task ResumeAsync() => SetPausedAsync(false);

    public async Task<bool> MoveAsync(string promptId, QueuePlace place)
    {
        IReadOnlyList<JobKey> changed;
        var back = place is { IsFront: false, Before: null } ? TakeNumber() : 0;
        lock (_lock)
        {
            changed = JobOrder.Move(_pending.Sorted(), promptId, place, back);
            foreach (var job in changed)
            {
                _pending.Remove(job.PromptId);
                _pending.Push(job);
            }
        }
        foreach (var job in changed)
        {
            await _store.RenumberAsync(job.Id, job.Number, JobNumbers.ToJson(job.Number)).ConfigureAwait(false);
        }
        if (changed.Count > 0)
        {
            Announce();
        }
        return changed.Count > 0;
    }

    public void Free(bool unloadModels, bool freeMemory)
    {
        foreach (var worker in Workers())
        {
            worker.AskToFree(unloadModels, freeMemory);
        }
    }

    public async IAsyncEnumerable<HistoryEntry> HistoryAsync(
        int? maxItems = null,
        int offset = -1,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        foreach (var entry in _store.History(maxItems, offset))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
        await Task.CompletedTask.ConfigureAwait(false);
    }

    public Task<HistoryEntry?> HistoryAsync(string promptId, CancellationToken cancellationToken = default) =>
        Task.FromResult(_store.History(promptId));

    public Task DeleteHistoryAsync(IReadOnlyCollection<string> promptIds) => _store.DeleteHistoryAsync(promptIds);

    public Task ClearHistoryAsync() => _store.ClearHistoryAsync();

    public Task<JobPage> JobsAsync(JobQuery query, CancellationToken cancellationToken = default) =>
        Task.FromResult(_store.Jobs(query));

    public Task<JobDetails?> JobAsync(string promptId, CancellationToken cancellationToken = default) =>
        Task.FromResult(_store.Job(promptId));

    public Task<ReadOnlyMemory<byte>?> ExplainCacheAsync(
        string promptId,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(_store.CacheExplanation(promptId));

    public Task<HistoryEntry?> WaitAsync(string promptId, CancellationToken cancellationToken = default)
    {
        Task? end = null;
        lock (_lock)
        {
            if (_pending.Find(promptId) is not null || _running.ContainsKey(promptId))
            {
                end = _waiters.Add(promptId);
            }
        }
        return _waiters.EntryAsync(promptId, end, cancellationToken);
    }

    public Task<IReadOnlyList<WebhookCall>> OwedWebhooksAsync(
        int limit,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(_store.OwedWebhooks(limit));

    public Task SettleWebhookAsync(string promptId) => _store.SettleWebhookAsync(promptId);

    /// <summary>A worker begins; it is rung when there may be something to do.</summary>
    public WorkerSlot Attach()
    {
        var slot = new WorkerSlot();
        lock (_lock)
        {
            _workers.Add(slot);
        }
        slot.Ring();
        return slot;
    }

    /// <summary>The next job for a worker, or null when there is none to start.</summary>
    public ActiveJob? Take()
    {
        lock (_lock)
        {
            if (_isPaused || _pending.Pop() is not { } key)
            {
                return null;
            }
            var job = new ActiveJob(key);
            _running.Add(key.PromptId, job);
            return job;
        }
    }

    /// <summary>A job that was taken could not be started, or is to start anew after the next start of the server.</summary>
    public void PutBack(ActiveJob job)
    {
        lock (_lock)
        {
            _running.Remove(job.Key.PromptId);
            job.Dispose();
            _pending.Push(job.Key);
        }
    }

    /// <summary>A job has left the worker, and is in history.</summary>
    public void Ended(ActiveJob job)
    {
        lock (_lock)
        {
            _running.Remove(job.Key.PromptId);
            job.Dispose();
            _waiters.End(job.Key.PromptId);
        }
        Announce();
    }

    /// <summary>Tells all clients how many jobs there are, in an order that fits the numbers.</summary>
    public void Announce()
    {
        lock (_announcing)
        {
            _events.QueueChanged(Remaining);
        }
    }

    /// <summary>Gives back the numbers that were put aside. The store stays open: it belongs to whoever opened it.</summary>
    public void Dispose()
    {
        _numbers.Return();
        foreach (var worker in Workers())
        {
            worker.Dispose();
        }
    }

    private NewJob ToStore(JobSubmission submission)
    {
        var (extraData, secrets) = JobSecrets.Split(submission.ExtraData, submission.Secrets);
        var place = JobNumbers.ToPlace(submission.Number);
        return new()
        {
            PromptId = submission.PromptId,
            Number = place,
            NumberJson =
                submission.Number.Type == JTokenType.Integer ? JobNumbers.ToJson(place) : PromptJson.Write(place),
            ClientId = extraData["client_id"] is { Type: not JTokenType.Null } client ? client.ToString() : null,
            CreateTime = submission.CreateTime ?? _time.GetUtcNow().ToUnixTimeMilliseconds(),
            WorkflowId = (extraData["extra_pnginfo"] as JObject)?["workflow"] is JObject workflow
                ? workflow["id"] is JValue { Value: string id }
                    ? id
                    : null
                : null,
            Prompt = Bytes(submission.Prompt),
            ExtraData = Bytes(extraData),
            Outputs = Bytes(new JArray(submission.Outputs)),
            Secrets = secrets.Count > 0 ? Bytes(secrets) : null,
            Webhook = submission.Webhook is { } webhook ? Bytes(webhook) : null,
        };

        static byte[] Bytes(JToken json) => Encoding.UTF8.GetBytes(PromptJson.Write(json));
    }

    private async Task ForgetAsync(IReadOnlyList<JobKey> jobs)
    {
        if (jobs.Count == 0)
        {
            return;
        }
        await _store.RemoveAsync([.. jobs.Select(job => job.Id)]).ConfigureAwait(false);
        lock (_lock)
        {
            foreach (var job in jobs)
            {
                _waiters.End(job.PromptId);
            }
        }
    }

    private async Task SetPausedAsync(bool isPaused)
    {
        lock (_lock)
        {
            _isPaused = isPaused;
        }
        await _store.SetPausedAsync(isPaused).ConfigureAwait(false);
        RingAll();
    }

    private WorkerSlot[] Workers()
    {
        lock (_lock)
        {
            return [.. _workers];
        }
    }

    private void RingAll()
    {
        foreach (var worker in Workers())
        {
            worker.Ring();
        }
    }
}
