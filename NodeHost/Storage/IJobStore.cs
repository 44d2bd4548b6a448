using NodeHost.Queue;

namespace NodeHost.Storage;

/// <summary>Keeps jobs and what became of them. A change is safe from the death of the process once its task has ended.</summary>
internal interface IJobStore : IDisposable
{
    /// <summary>What there was to do when the store was opened.</summary>
    StoredQueue Load();

    /// <summary>Puts prompt numbers aside, so that none of them is given out twice, and returns the first.</summary>
    long ReserveNumbers(long count);

    /// <summary>The numbers from here on were not used after all.</summary>
    void ReturnNumbers(long next);

    Task<AddResult> AddAsync(NewJob job);

    /// <summary>Forgets pending jobs.</summary>
    Task RemoveAsync(IReadOnlyCollection<long> ids);

    Task RenumberAsync(long id, double number, string numberJson);

    Task SetPausedAsync(bool isPaused);

    /// <summary>Gives out a job to run. That it runs, and the attempt, are noted a few milliseconds later: a short job ends in the same commit.</summary>
    StoredJob Start(long id, long time);

    /// <summary>Puts a running job back, whose attempt counts only if it is said so.</summary>
    Task RequeueAsync(long id, bool countAttempt);

    /// <summary>Moves a job into history, where the oldest entries may have to go for it.</summary>
    Task FinishAsync(long id, JobOutcome outcome);

    /// <summary>Forgets finished jobs.</summary>
    Task DeleteHistoryAsync(IReadOnlyCollection<string> promptIds);

    Task ClearHistoryAsync();

    Task SettleWebhookAsync(string promptId);

    /// <summary>The rows of <c>GET /queue</c> for these jobs, without those that are gone by now.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> QueueRows(IReadOnlyCollection<long> ids);

    /// <summary>A part of the history: see <see cref="IJobQueue.HistoryAsync(int?, int, CancellationToken)"/>.</summary>
    IEnumerable<HistoryEntry> History(int? maxItems, int offset);

    HistoryEntry? History(string promptId);

    JobPage Jobs(JobQuery query);

    JobDetails? Job(string promptId);

    ReadOnlyMemory<byte>? CacheExplanation(string promptId);

    /// <summary>Files of the temp folder that finished jobs have as outputs, relative to it.</summary>
    IReadOnlyList<string> TemporaryFiles();

    IReadOnlyList<WebhookCall> OwedWebhooks(int limit);
}
