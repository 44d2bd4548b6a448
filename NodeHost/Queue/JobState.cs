namespace NodeHost.Queue;

/// <summary>Where a job stands. The last three are final: the job is in history.</summary>
internal enum JobState
{
    Pending = 0,
    Running = 1,
    Completed = 2,
    Failed = 3,

    /// <summary>Interrupted while it ran; a pending job that is taken back leaves no trace.</summary>
    Cancelled = 4,
}
