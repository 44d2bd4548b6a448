using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Caching;

/// <summary>Keeps what the last prompt gave; another workflow empties it (<c>--cache-classic</c>).</summary>
public sealed class ClassicCache(IValueLifetime lifetime) : CountedCache(lifetime)
{
    protected override void OnRunBegun(IReadOnlySet<CacheKey> keys, IReadOnlySet<string> owners) =>
        RemoveWhere(entry => !keys.Contains(entry.Key) && (entry.Owner is null || !owners.Contains(entry.Owner)));

    public override void EndRun(IReadOnlySet<string> expandedOwners) =>
        RemoveWhere(entry =>
            entry.Owner is not null && expandedOwners.Contains(entry.Owner) && entry.LastGeneration < Generation
        );
}
