namespace NodeHost.Storage;

/// <summary>A job as a worker takes it out of a store; JSON as UTF-8.</summary>
internal sealed record StoredJob
{
    public required long Id { get; init; }

    public required string PromptId { get; init; }

    public string? ClientId { get; init; }

    /// <summary>This one included.</summary>
    public required int Attempts { get; init; }

    public required byte[] Prompt { get; init; }

    public required byte[] ExtraData { get; init; }

    public required byte[] Outputs { get; init; }

    public byte[]? Secrets { get; init; }
}
