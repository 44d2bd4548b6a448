namespace NodeHost.Queue;

/// <summary>Which jobs <c>GET /api/jobs</c> is to list, and in what order.</summary>
internal sealed record JobQuery
{
    /// <summary>Empty means all.</summary>
    public IReadOnlyCollection<JobState> States { get; init; } = [];

    public string? WorkflowId { get; init; }

    /// <summary>By the time a job took instead of the time it came.</summary>
    public bool ByDuration { get; init; }

    public bool Ascending { get; init; }

    /// <summary>Null means all.</summary>
    public int? Limit { get; init; }

    public int Offset { get; init; }
}
