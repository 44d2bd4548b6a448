using NodeHost.Queue;

namespace NodeHost.Storage;

/// <summary>How a job ended; JSON as UTF-8.</summary>
internal sealed record JobOutcome
{
    public required JobState State { get; init; }

    public required long StartTime { get; init; }

    public required long EndTime { get; init; }

    public required byte[] Outputs { get; init; }

    public required byte[] Status { get; init; }

    public required byte[] Meta { get; init; }

    /// <summary>The data of <c>execution_error</c>.</summary>
    public byte[]? Error { get; init; }

    /// <summary>The entry that lists show.</summary>
    public byte[]? PreviewOutput { get; init; }

    public int OutputsCount { get; init; }

    public int PreviewableOutputsCount { get; init; }

    /// <summary>Why each node ran or did not.</summary>
    public byte[]? CacheExplanation { get; init; }
}
