namespace NodeHost.Graph.Caching;

/// <summary>Why a result could be taken from the cache, or could not.</summary>
public enum CacheReason
{
    /// <summary>The result was there.</summary>
    Cached,

    /// <summary>No node of this id and class was in an earlier prompt.</summary>
    FirstTime,

    /// <summary>A value or a link of the node is another one.</summary>
    InputChanged,

    /// <summary>A node upstream gives another result.</summary>
    UpstreamChanged,

    /// <summary>The node itself says that its content is another one: a file that was written anew, for one.</summary>
    ContentChanged,

    /// <summary>An input, or the node's own word, equals nothing, not even itself.</summary>
    NotComparable,

    /// <summary>Nothing changed, and the result was dropped: for space, by <c>/free</c>, or because another workflow ran.</summary>
    Evicted,

    /// <summary>Results are not kept.</summary>
    CachingOff,
}
