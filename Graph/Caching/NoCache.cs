namespace NodeHost.Graph.Caching;

/// <summary>Keeps nothing: a result is gone once its consumers have run (<c>--cache-none</c>).</summary>
public sealed class NoCache : IResultCache
{
    public void BeginRun(IReadOnlySet<CacheKey> keys, IReadOnlySet<string> owners) { }

    public NodeResult? Find(CacheKey key) => null;

    public void Store(CacheKey key, string? owner, NodeResult result) { }

    public void EndRun(IReadOnlySet<string> expandedOwners) { }

    public void Clear() { }

    public void Dispose() { }
}
