namespace NodeHost.Queue;

/// <summary>One entry of <c>GET /history</c>; the JSON is the value that belongs to the id, as UTF-8.</summary>
internal sealed record HistoryEntry(string PromptId, ReadOnlyMemory<byte> Json);
