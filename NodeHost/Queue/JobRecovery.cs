using NodeHost.Storage;

namespace NodeHost.Queue;

/// <summary>Decides about jobs that were running when the process ended.</summary>
internal static class JobRecovery
{
    private const int MostAttempts = 2;

    /// <summary>Those that run again. The others are in history afterwards, with the reason.</summary>
    public static IReadOnlyList<JobKey> Recover(
        IJobStore store,
        IReadOnlyList<(JobKey Key, int Attempts)> interrupted,
        RestartPolicy policy,
        TimeProvider time
    )
    {
        var again = new List<JobKey>();
        var changes = new List<Task>();
        foreach (var (key, attempts) in interrupted)
        {
            if (policy == RestartPolicy.Retry && attempts < MostAttempts)
            {
                again.Add(key);
                changes.Add(store.RequeueAsync(key.Id, countAttempt: true));
            }
            else
            {
                var reason =
                    policy == RestartPolicy.Fail
                        ? "The server ended while this prompt was running. Jobs are not run again (--on-restart fail): queue it anew."
                        : $"The server ended each of the {attempts} times this prompt was running, so it is not tried again. "
                            + "Look into the server's log, and at the memory that the workflow needs.";
                changes.Add(
                    store.FinishAsync(key.Id, JobOutcomes.Failed(key.PromptId, "ServerEnded", reason, time.GetUtcNow()))
                );
            }
        }
        Task.WhenAll(changes).GetAwaiter().GetResult();
        return again;
    }
}
