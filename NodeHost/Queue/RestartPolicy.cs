namespace NodeHost.Queue;

/// <summary>What becomes of a job that was running when the process ended.</summary>
internal enum RestartPolicy
{
    /// <summary>It runs once more; when that ends the process too, it has failed.</summary>
    Retry,

    /// <summary>It has failed.</summary>
    Fail,
}
