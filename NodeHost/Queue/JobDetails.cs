namespace NodeHost.Queue;

/// <summary>All that is known of a job; JSON is UTF-8.</summary>
/// <param name="Summary">What lists say of it.</param>
/// <param name="Prompt">The graph in API format.</param>
/// <param name="ExtraData">What the client sent along, without secrets.</param>
/// <param name="Outputs">As in history; null for a job that has not ended.</param>
/// <param name="Status">As in history; null for a job that has not ended.</param>
internal sealed record JobDetails(
    JobSummary Summary,
    ReadOnlyMemory<byte> Prompt,
    ReadOnlyMemory<byte> ExtraData,
    ReadOnlyMemory<byte>? Outputs,
    ReadOnlyMemory<byte>? Status
);
