namespace NodeHost.Queue;

/// <summary>The queue and the history as the routes see them. What a method reports as done survives the death of the process.</summary>
internal interface IJobQueue
{
    /// <summary>Pending and running jobs.</summary>
    int Remaining { get; }

    /// <summary>Jobs that are running now; none or one per device.</summary>
    IReadOnlyList<RunningJob> Running { get; }

    /// <summary>No further job is started; the running one goes on. It stays so over a restart.</summary>
    bool IsPaused { get; }

    /// <summary>The next prompt number: 0, 1, 2 ...; never one twice, though after a crash some may be left out.</summary>
    long TakeNumber();

    /// <summary>Puts a job into the queue. It is stored before the task ends.</summary>
    Task<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken = default);

    /// <summary>What is running and what waits, in the order of the heap that ComfyUI keeps.</summary>
    Task<QueueSnapshot> SnapshotAsync(CancellationToken cancellationToken = default);

    /// <summary>Takes pending jobs back; running and unknown ones are left alone. The number of those taken back.</summary>
    Task<int> DeletePendingAsync(IReadOnlyCollection<string> promptIds);

    Task<int> ClearPendingAsync();

    /// <summary>Stops the running job; with an id, only if that one is running. False when nothing was there to stop.</summary>
    bool Interrupt(string? promptId = null);

    /// <summary>Takes pending jobs back and stops running ones. True when there was any.</summary>
    Task<bool> CancelAsync(IReadOnlyCollection<string> promptIds);

    Task PauseAsync();

    Task ResumeAsync();

    /// <summary>Gives a pending job another place, and the number that goes with it. False when it, or what it is put before, is not pending.</summary>
    Task<bool> MoveAsync(string promptId, QueuePlace place);

    /// <summary><c>POST /free</c>: done by the worker between jobs, at once when it is idle. Freeing memory implies unloading models.</summary>
    void Free(bool unloadModels, bool freeMemory);

    /// <summary>History in order of completion, oldest first.</summary>
    /// <param name="maxItems">Null means all.</param>
    /// <param name="offset">From the oldest; below 0 the newest <paramref name="maxItems"/> are meant.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<HistoryEntry> HistoryAsync(
        int? maxItems = null,
        int offset = -1,
        CancellationToken cancellationToken = default
    );

    /// <summary>Null when the job is unknown or has not ended.</summary>
    Task<HistoryEntry?> HistoryAsync(string promptId, CancellationToken cancellationToken = default);

    Task DeleteHistoryAsync(IReadOnlyCollection<string> promptIds);

    Task ClearHistoryAsync();

    Task<JobPage> JobsAsync(JobQuery query, CancellationToken cancellationToken = default);

    Task<JobDetails?> JobAsync(string promptId, CancellationToken cancellationToken = default);

    /// <summary>Why each node of a finished job was run or was not: UTF-8 JSON, an object by node id; null when unknown.</summary>
    Task<ReadOnlyMemory<byte>?> ExplainCacheAsync(string promptId, CancellationToken cancellationToken = default);

    /// <summary>Waits until a job has ended. Its history entry; null when there is no such job, or it was taken back.</summary>
    Task<HistoryEntry?> WaitAsync(string promptId, CancellationToken cancellationToken = default);

    /// <summary>Calls owed for jobs that have ended, oldest first; also those of the time before a restart.</summary>
    Task<IReadOnlyList<WebhookCall>> OwedWebhooksAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>The call was made, or given up.</summary>
    Task SettleWebhookAsync(string promptId);
}
