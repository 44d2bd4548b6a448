using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>
/// Networks kept ready, the least recently used given up when their weights pass the budget. A network in use by a
/// running node (until its outermost tensor scope ends) is never given up.
/// </summary>
internal sealed class NetworkCache(long budgetBytes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NetworkKey, Entry> _entries = [];
    private long _clock;

    public long ResidentBytes
    {
        get
        {
            lock (_lock)
            {
                return _entries.Values.Sum(entry => entry.Weights.ByteCount);
            }
        }
    }

    public TNetwork Get<TNetwork>(ModelPart part, IReadOnlyList<WeightPatch> patches)
        where TNetwork : class
    {
        lock (_lock)
        {
            var key = new NetworkKey(part, patches);
            if (!_entries.TryGetValue(key, out var entry))
            {
                entry = Load(part, patches);
                _entries.Add(key, entry);
            }
            entry.LastUse = ++_clock;
            Lease(entry);
            Trim(budgetBytes, entry);
            return (TNetwork)entry.Network;
        }
    }

    /// <summary>Gives up every network that is not in use.</summary>
    public void Unload()
    {
        lock (_lock)
        {
            Trim(0, null);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var entry in _entries.Values)
            {
                entry.Weights.Dispose();
            }
            _entries.Clear();
        }
    }

    private static Entry Load(ModelPart part, IReadOnlyList<WeightPatch> patches)
    {
        var weights = part.Open(patches);
        try
        {
            return new Entry(part.Build(weights.Root), weights);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private void Lease(Entry entry)
    {
        entry.Leases++;
        if (!TensorScope.TryAtOutermostEnd(() => EndLease(entry)))
        {
            entry.Leases--;
        }
    }

    private void EndLease(Entry entry)
    {
        lock (_lock)
        {
            entry.Leases--;
        }
    }

    private void Trim(long budget, Entry? wanted)
    {
        var resident = _entries.Values.Sum(entry => entry.Weights.ByteCount);
        foreach (var (key, entry) in _entries.OrderBy(pair => pair.Value.LastUse).ToArray())
        {
            if (resident <= budget)
            {
                return;
            }
            if (entry.Leases == 0 && entry != wanted)
            {
                resident -= entry.Weights.ByteCount;
                _entries.Remove(key);
                entry.Weights.Dispose();
            }
        }
    }

    private sealed class Entry(object network, WeightSet weights)
    {
        public object Network { get; } = network;

        public WeightSet Weights { get; } = weights;

        public int Leases { get; set; }

        public long LastUse { get; set; }
    }
}
