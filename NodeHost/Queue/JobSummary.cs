namespace NodeHost.Queue;

/// <summary>What a list says of a job. Times are milliseconds since 1970; JSON is UTF-8 and null where there is none.</summary>
internal sealed record JobSummary
{
    public required string PromptId { get; init; }

    public required JobState State { get; init; }

    /// <summary>The number of the prompt, as JSON.</summary>
    public required string Number { get; init; }

    public required long CreateTime { get; init; }

    public long? StartTime { get; init; }

    public long? EndTime { get; init; }

    /// <summary>How often the job was started; more than one after a crash.</summary>
    public int Attempts { get; init; }

    /// <summary>The data of <c>execution_error</c>, where the job failed.</summary>
    public ReadOnlyMemory<byte>? Error { get; init; }

    /// <summary>All entries of all nodes' displays.</summary>
    public int OutputsCount { get; init; }

    /// <summary>Those of them that a list can show: pictures, sounds, films, 3D.</summary>
    public int PreviewableOutputsCount { get; init; }

    /// <summary>The entry to show in a list: a file's with <c>nodeId</c> and <c>mediaType</c>.</summary>
    public ReadOnlyMemory<byte>? PreviewOutput { get; init; }

    /// <summary><c>extra_data.extra_pnginfo.workflow.id</c>.</summary>
    public string? WorkflowId { get; init; }
}
