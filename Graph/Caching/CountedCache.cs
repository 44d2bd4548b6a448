using NodeHost.Graph.Contracts;

namespace NodeHost.Graph.Caching;

/// <summary>The common part of the caches that keep something: entries, their holding, and when they were last used.</summary>
public abstract class CountedCache(IValueLifetime lifetime) : IResultCache
{
    private readonly Dictionary<CacheKey, LinkedListNode<Entry>> _entries = [];

    // Longest unused first.
    private readonly LinkedList<Entry> _order = [];

    /// <summary>How many results are kept.</summary>
    public int Count => _entries.Count;

    /// <summary>Memory behind the results that are kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of the current run.</summary>
    protected long Generation { get; private set; }

    public NodeResult? Find(CacheKey key)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            return null;
        }
        Touch(entry);
        return entry.Value.Result;
    }

    public void BeginRun(IReadOnlySet<CacheKey> keys, IReadOnlySet<string> owners)
    {
        Generation++;
        foreach (var key in keys)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                Touch(entry);
            }
        }
        OnRunBegun(keys, owners);
    }

    public void Store(CacheKey key, string? owner, NodeResult result)
    {
        result.Retain(lifetime);
        Remove(key);
        var entry = new Entry(key, owner, result, result.Bytes(lifetime)) { LastGeneration = Generation };
        _entries.Add(key, _order.AddLast(entry));
        Bytes += entry.Bytes;
        OnStored();
    }

    public virtual void EndRun(IReadOnlySet<string> expandedOwners) { }

    public void Clear() => RemoveWhere(_ => true);

    public void Dispose()
    {
        Clear();
        GC.SuppressFinalize(this);
    }

    protected virtual void OnRunBegun(IReadOnlySet<CacheKey> keys, IReadOnlySet<string> owners) { }

    protected virtual void OnStored() { }

    private protected Entry? Oldest => _order.First?.Value;

    private protected void RemoveWhere(Func<Entry, bool> condition)
    {
        foreach (var entry in _order.Where(condition).ToArray())
        {
            Remove(entry.Key);
        }
    }

    private protected void Remove(CacheKey key)
    {
        if (_entries.Remove(key, out var entry))
        {
            _order.Remove(entry);
            Bytes -= entry.Value.Bytes;
            entry.Value.Result.Release(lifetime);
        }
    }

    private void Touch(LinkedListNode<Entry> entry)
    {
        entry.Value.LastGeneration = Generation;
        _order.Remove(entry);
        _order.AddLast(entry);
    }

    private protected sealed class Entry(CacheKey key, string? owner, NodeResult result, long bytes)
    {
        public CacheKey Key { get; } = key;

        public string? Owner { get; } = owner;

        public NodeResult Result { get; } = result;

        public long Bytes { get; } = bytes;

        public long LastGeneration { get; set; }
    }
}
