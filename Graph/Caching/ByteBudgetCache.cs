using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Caching;

/// <summary>Keeps results over several workflows up to a number of bytes; the longest unused go first.</summary>
/// <param name="lifetime">Counts who holds values.</param>
/// <param name="budget">Bytes.</param>
/// <param name="patience">Prompts after which a result that none of them used is given up, though there is room: seeds hardly come back.</param>
public sealed class ByteBudgetCache(IValueLifetime lifetime, long budget, int patience = int.MaxValue)
    : CountedCache(lifetime)
{
    // What a result costs besides its tensors; it keeps millions of empty results from being free.
    private const long OverheadPerResult = 1024;

    protected override void OnRunBegun(IReadOnlySet<CacheKey> keys, IReadOnlySet<string> owners)
    {
        while (Oldest is { } oldest && Generation - oldest.LastGeneration > patience)
        {
            Remove(oldest.Key);
        }
    }

    protected override void OnStored()
    {
        while (IsOver() && Oldest is { } oldest)
        {
            Remove(oldest.Key);
        }
    }

    private bool IsOver() => Bytes + (Count * OverheadPerResult) > budget;
}
