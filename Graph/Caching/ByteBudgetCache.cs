using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Caching;

/// <summary>Keeps results over several workflows up to a number of bytes; the longest unused go first.</summary>
public sealed class ByteBudgetCache(IValueLifetime lifetime, long budget) : CountedCache(lifetime)
{
    // What a result costs besides its tensors; it keeps millions of empty results from being free.
    private const long OverheadPerResult = 1024;

    protected override void OnStored()
    {
        while (IsOver() && Oldest is { } oldest)
        {
            Remove(oldest.Key);
        }
    }

    private bool IsOver() => Bytes + (Count * OverheadPerResult) > budget;
}
