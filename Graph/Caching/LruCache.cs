using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Caching;

/// <summary>Keeps about <paramref name="capacity"/> results over several prompts; those of the current one are never dropped (<c>--cache-lru</c>).</summary>
public sealed class LruCache(IValueLifetime lifetime, int capacity) : CountedCache(lifetime)
{
    protected override void OnRunBegun(IReadOnlySet<CacheKey> keys, IReadOnlySet<string> owners)
    {
        while (Count > capacity && Oldest is { } oldest && oldest.LastGeneration < Generation)
        {
            Remove(oldest.Key);
        }
    }
}
