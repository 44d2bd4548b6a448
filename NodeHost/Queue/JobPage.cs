namespace NodeHost.Queue;

/// <summary>A page of the list of jobs.</summary>
/// <param name="Jobs">In the order asked for.</param>
/// <param name="Total">How many jobs the question fits.</param>
/// <param name="HasMore">Whether there are more behind this page.</param>
internal sealed record JobPage(IReadOnlyList<JobSummary> Jobs, long Total, bool HasMore);
