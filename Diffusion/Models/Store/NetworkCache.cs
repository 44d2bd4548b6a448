using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>
/// Networks kept ready on one device. Before one is read, the least recently used ones give up as much of their weights as is needed to
/// stay within the budget; one that is larger than the budget keeps a part and reads the rest block by block.
/// </summary>
/// <remarks>
/// A network in use (by a running node, until its outermost tensor scope ends) gives nothing up, so that kept weights never
/// pass the budget, and what is in memory passes it by one block for each network but one that runs.
/// </remarks>
/// <param name="budgetBytes">Bytes of weights that may be on the device at once.</param>
/// <param name="places">Where networks compute.</param>
internal sealed class NetworkCache(long budgetBytes, ComputePlaces places) : IDisposable
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
                return _entries.Values.Sum(entry => entry.Weights.ResidentBytes);
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
                entry = Open(part, patches);
                _entries.Add(key, entry);
            }
            entry.LastUse = ++_clock;
            if (entry.Weights.KeptBytes < entry.Weights.TotalBytes)
            {
                Read(key, entry);
            }
            Lease(entry);
            return (TNetwork)entry.Network;
        }
    }

    /// <summary>Gives up every network that is not in use.</summary>
    public void Unload()
    {
        lock (_lock)
        {
            GiveUp(_entries.Values.Sum(entry => entry.Weights.KeptBytes), wanted: null);
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

    /// <summary>The network with all keys found and no weight read.</summary>
    private Entry Open(ModelPart part, IReadOnlyList<WeightPatch> patches)
    {
        var weights = part.Open(patches, keptBytes: 0, places.For(part));
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

    private void Read(NetworkKey key, Entry entry)
    {
        var others = _entries.Values.Sum(other => other == entry ? 0 : other.Weights.KeptBytes);
        others -= GiveUp(others + Math.Min(entry.Weights.TotalBytes, budgetBytes) - budgetBytes, entry);
        try
        {
            entry.Weights.FitInto(budgetBytes - others);
        }
        catch
        {
            // Memory ran out, or an adapter does not fit.
            if (entry.Leases == 0)
            {
                entry.Weights.Dispose();
                _entries.Remove(key);
            }
            throw;
        }
    }

    /// <summary>Gives up weights of networks not in use; the bytes that are free then.</summary>
    private long GiveUp(long bytes, Entry? wanted)
    {
        var given = 0L;
        foreach (var (key, entry) in _entries.OrderBy(pair => pair.Value.LastUse).ToArray())
        {
            if (entry.Leases > 0 || entry == wanted)
            {
                continue;
            }
            var before = entry.Weights.KeptBytes;
            if (given < bytes)
            {
                entry.Weights.GiveUp(bytes - given);
                given += before - entry.Weights.KeptBytes;
            }
            if (entry.Weights.KeptBytes == 0)
            {
                _entries.Remove(key);
            }
        }
        return given;
    }

    private sealed class Entry(object network, WeightSet weights)
    {
        public object Network { get; } = network;

        public WeightSet Weights { get; } = weights;

        public int Leases { get; set; }

        public long LastUse { get; set; }
    }
}
