using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>
/// The weights of one network: hands them out while it is built, keeps count of the keys asked for, and owns the tensors
/// until it is disposed. Weights that are over its budget are read again by each block that uses them.
/// </summary>
/// <param name="source">Where the weights come from.</param>
/// <param name="storage">Floating-point type the weights are kept in; a weight that has it already is not copied.</param>
/// <param name="prefix">What the checkpoint puts before the network's own keys.</param>
/// <param name="patcher">Changes weights on their way, if there are adapters.</param>
/// <param name="keptBytes">How many bytes are kept from the start; <see cref="FitInto"/> keeps more.</param>
/// <param name="place">Where the network computes, and in what type; the CPU in float32 where nothing is said.</param>
public sealed class WeightSet(
    IWeightSource source,
    DType storage = DType.Float32,
    string prefix = "",
    IWeightPatcher? patcher = null,
    long keptBytes = long.MaxValue,
    ComputePlace? place = null
) : IDisposable
{
    private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly WeightResidency _residency = new(weight => source.Forget(prefix + weight.Name));

    /// <summary>Where the network computes, and in what type.</summary>
    public ComputePlace Place { get; } = place ?? ComputePlace.Cpu;

    /// <summary>Where the keys of the network start.</summary>
    public Weights Root => new(this, "");

    /// <summary>How often each key (with the prefix) was asked for.</summary>
    public IReadOnlyDictionary<string, int> Asked => _asked;

    /// <summary>Bytes of the weights that are kept, mapped ones included.</summary>
    public long KeptBytes => _residency.KeptBytes;

    /// <summary>Bytes of all weights, kept or not.</summary>
    public long TotalBytes => _residency.TotalBytes;

    /// <summary>Bytes of the weights that a block needs at once, at most.</summary>
    public long LargestBlockBytes => _residency.LargestBlockBytes;

    /// <summary>Bytes that are in memory now: kept, or read for the block that runs.</summary>
    public long ResidentBytes => _residency.ResidentBytes;

    /// <summary>The most that <see cref="ResidentBytes"/> has been.</summary>
    public long PeakBytes => _residency.PeakBytes;

    /// <summary>Keys under the prefix that nothing asked for.</summary>
    public IReadOnlyList<string> LeftOver =>
        [
            .. source
                .Entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && !_asked.ContainsKey(key))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>
    /// Keeps everything where it fits the budget; else as much as leaves room for one block, and the rest is read block by
    /// block. What is kept already stays.
    /// </summary>
    public void FitInto(long budgetBytes) =>
        _residency.Grow(TotalBytes <= budgetBytes ? TotalBytes : budgetBytes - LargestBlockBytes);

    /// <summary>Gives up kept weights until so many bytes are free; no block may be running.</summary>
    public void GiveUp(long bytes) => _residency.Shrink(bytes);

    public void Dispose() => GiveUp(long.MaxValue);

    internal WeightInfo? Find(string name) => source.Entries.GetValueOrDefault(prefix + name);

    /// <summary>Whether any key stands under a path.</summary>
    internal bool HasUnder(string path) =>
        source.Entries.Keys.Any(key => key.StartsWith(prefix + path, StringComparison.Ordinal));

    /// <summary>Counts a key as asked for without reading it.</summary>
    internal void Pass(string name)
    {
        if (Find(name) is not null)
        {
            Count(prefix + name);
        }
    }

    internal Weight Take(string name, ReadOnlySpan<long> shape)
    {
        var key = prefix + name;
        var info = Find(name) ?? throw Missing(key, shape);
        if (!shape.SequenceEqual([.. info.Shape]))
        {
            throw new WeightException(
                $"{source.Name}: '{key}' must be [{string.Join(", ", shape.ToArray())}], found {info}. "
                    + "The file belongs to another model, or was cut or merged wrongly."
            );
        }
        Count(key);
        var dtype = info.DType.IsFloatingPoint() ? storage : info.DType;
        var elements = info.Shape.Aggregate(1L, (product, length) => product * length);
        var weight = new Weight(this, name, elements * dtype.Size());
        _residency.Add(weight, keptBytes);
        return weight;
    }

    internal Tensor ReadToKeep(Weight weight)
    {
        var key = prefix + weight.Name;
        // Out of whatever scope is open: the set outlives the run that happens to load it first.
        using var untracked = TensorScope.Suspend();
        var stored = source.Read(key);
        var kept = Convert(weight.Name, stored);
        if (kept != stored)
        {
            source.Forget(key);
        }
        return kept;
    }

    internal Tensor ReadForBlock(Weight weight)
    {
        var read = Convert(weight.Name, source.Read(prefix + weight.Name));
        _residency.Pass(weight, read);
        return read;
    }

    /// <summary>A weight as networks compute with it, whether one asked for it or not; it belongs to the current scope.</summary>
    internal Tensor Read(string name) => Convert(name, source.Read(prefix + name));

    /// <summary>A stored weight as the network keeps it: converted and patched in host memory, then moved.</summary>
    private Tensor Convert(string name, Tensor weight)
    {
        var converted = ConvertOnHost(name, weight);
        // Where there are shapes alone, there is nothing to move.
        return converted.Device == Place.Device || converted.Device.IsMeta
            ? converted
            : Replace(converted, converted.To(Place.Device));
    }

    /// <summary>A weight with its adapters in float32, before it is rounded to the type it is kept in; in host memory.</summary>
    internal Tensor ReadUnrounded(string name)
    {
        using var scope = new TensorScope();
        var weight = ToStorage(source.Read(prefix + name)).To(DType.Float32);
        return scope.Keep(patcher?.Patches(name) == true ? patcher.Patch(name, weight) : weight);
    }

    private Tensor ToStorage(Tensor weight)
    {
        var isNumber = weight.DType is DType.Float32 or DType.Float16 or DType.BFloat16 or DType.Float64;
        return isNumber && weight.DType != storage ? Replace(weight, weight.To(storage)) : weight;
    }

    private Tensor ConvertOnHost(string name, Tensor weight)
    {
        weight = ToStorage(weight);
        if (patcher?.Patches(name) == true)
        {
            using var scope = new TensorScope();
            var merged = patcher.Patch(name, weight.To(DType.Float32)).To(storage);
            scope.Keep(merged);
            return Replace(weight, merged);
        }
        return weight;
    }

    private static Tensor Replace(Tensor old, Tensor replacement)
    {
        old.Dispose();
        return replacement;
    }

    private void Count(string key) => _asked[key] = _asked.GetValueOrDefault(key) + 1;

    private WeightException Missing(string key, ReadOnlySpan<long> shape)
    {
        var nearest = NearestKey.Find(key, source.Entries.Keys);
        var found = nearest is null
            ? "the file is empty"
            : $"the nearest key found is '{nearest}' {source.Entries[nearest]}";
        return new WeightException(
            $"{source.Name}: '{key}' [{string.Join(", ", shape.ToArray())}] is missing; {found}. "
                + "The file is incomplete or belongs to another model."
        );
    }
}
