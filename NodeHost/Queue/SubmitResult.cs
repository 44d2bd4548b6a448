namespace NodeHost.Queue;

/// <summary>Whether a job was taken; if not, the state of the job that has its id already.</summary>
internal readonly record struct SubmitResult(JobState? Conflict)
{
    public bool IsAccepted => Conflict is null;
}
