namespace NodeHost.Graph.Caching;

/// <summary>Keeps results between runs. It belongs to one executor and is not called by two threads at once.</summary>
/// <remarks>It retains what it stores and releases what it drops; a run retains for itself what it takes out.</remarks>
public interface IResultCache : IDisposable
{
    /// <summary>A prompt begins: these are the keys of its nodes, and its nodes as <c>id:class</c>, which own what they expand to.</summary>
    void BeginRun(IReadOnlySet<CacheKey> keys, IReadOnlySet<string> owners);

    NodeResult? Find(CacheKey key);

    /// <param name="key">The node's signature.</param>
    /// <param name="owner">For a node that came by expansion, the <c>id:class</c> of the prompt's node it came from.</param>
    /// <param name="result">What the node gave.</param>
    void Store(CacheKey key, string? owner, NodeResult result);

    /// <summary>The prompt has ended; these nodes were expanded in it.</summary>
    void EndRun(IReadOnlySet<string> expandedOwners);

    void Clear();
}
