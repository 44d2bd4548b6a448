using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>
/// The weights of one network: hands them out while it is built, keeps count of the keys asked for, and owns the tensors
/// until it is disposed.
/// </summary>
/// <param name="source">Where the weights come from.</param>
/// <param name="storage">Floating-point type the weights are kept in; a weight that has it already is not copied.</param>
/// <param name="prefix">What the checkpoint puts before the network's own keys.</param>
/// <param name="patcher">Changes weights on their way, if there are adapters.</param>
public sealed class WeightSet(
    IWeightSource source,
    DType storage = DType.Float32,
    string prefix = "",
    IWeightPatcher? patcher = null
) : IDisposable
{
    private readonly Dictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly List<Tensor> _owned = [];

    /// <summary>Where the keys of the network start.</summary>
    public Weights Root => new(this, "");

    /// <summary>How often each key (with the prefix) was asked for.</summary>
    public IReadOnlyDictionary<string, int> Asked => _asked;

    /// <summary>Bytes of the weights, mapped ones included.</summary>
    public long ByteCount => _owned.Sum(tensor => tensor.ByteCount);

    /// <summary>Keys under the prefix that nothing asked for.</summary>
    public IReadOnlyList<string> LeftOver =>
        [
            .. source
                .Entries.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && !_asked.ContainsKey(key))
                .Order(StringComparer.Ordinal),
        ];

    public void Dispose()
    {
        foreach (var tensor in _owned)
        {
            tensor.Dispose();
        }
        _owned.Clear();
    }

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

    internal Tensor Take(string name, ReadOnlySpan<long> shape)
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
        using var untracked = TensorScope.Suspend();
        return Own(Convert(name, source.Read(key)));
    }

    /// <summary>Takes over a tensor derived from the weights.</summary>
    internal Tensor Own(Tensor tensor)
    {
        // Out of whatever scope it was made in: the set outlives the run that happens to load it first.
        _owned.Add(tensor.Retain());
        return tensor;
    }

    private Tensor Convert(string name, Tensor weight)
    {
        var isNumber = weight.DType is DType.Float32 or DType.Float16 or DType.BFloat16 or DType.Float64;
        if (isNumber && weight.DType != storage)
        {
            weight = Replace(weight, weight.To(storage));
        }
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
