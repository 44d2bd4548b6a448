namespace NodeHost.Queue;

/// <summary>The rows of <c>GET /queue</c>, each as UTF-8 JSON: <c>[number, prompt_id, prompt, extra_data, outputs]</c>.</summary>
internal sealed record QueueSnapshot(
    IReadOnlyList<ReadOnlyMemory<byte>> Running,
    IReadOnlyList<ReadOnlyMemory<byte>> Pending
);
