namespace NodeHost.Storage;

/// <summary>How much history is kept; the oldest goes first, the newest entry always stays.</summary>
/// <param name="Entries">Number of entries.</param>
/// <param name="Bytes">What all entries may take together.</param>
internal sealed record JobRetention(long Entries = 10_000, long Bytes = 2L << 30);
