namespace NodeHost.Storage;

/// <summary>The jobs that a store held when it was opened.</summary>
/// <param name="Pending">In the order in which they are to run.</param>
/// <param name="Interrupted">Those that were running when the process ended, with the number of their attempts.</param>
/// <param name="IsPaused">Whether the queue was paused.</param>
internal sealed record StoredQueue(
    IReadOnlyList<JobKey> Pending,
    IReadOnlyList<(JobKey Key, int Attempts)> Interrupted,
    bool IsPaused
);
