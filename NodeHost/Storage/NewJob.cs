namespace NodeHost.Storage;

/// <summary>A job as it is put into a store; JSON as UTF-8.</summary>
internal sealed record NewJob
{
    public required string PromptId { get; init; }

    public required double Number { get; init; }

    public required string NumberJson { get; init; }

    public string? ClientId { get; init; }

    public required long CreateTime { get; init; }

    public string? WorkflowId { get; init; }

    public required byte[] Prompt { get; init; }

    public required byte[] ExtraData { get; init; }

    public required byte[] Outputs { get; init; }

    /// <summary>Kept apart, and erased when the job has ended.</summary>
    public byte[]? Secrets { get; init; }

    public byte[]? Webhook { get; init; }
}
