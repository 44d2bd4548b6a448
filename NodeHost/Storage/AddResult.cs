using NodeHost.Queue;

namespace NodeHost.Storage;

/// <summary>The key of a stored job, or the state of the job that has its id already.</summary>
internal readonly record struct AddResult(long Id, JobState? Conflict);
