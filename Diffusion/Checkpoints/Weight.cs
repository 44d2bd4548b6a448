using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>
/// A weight as layers hold it: kept in memory, or read anew by each block that uses it where the network is larger than
/// its budget. Layers do not know which.
/// </summary>
public sealed class Weight
{
    private readonly WeightSet _set;
    private Tensor? _kept;

    internal Weight(WeightSet set, string name, long byteCount)
    {
        _set = set;
        Name = name;
        ByteCount = byteCount;
    }

    /// <summary>The tensor; where it is not kept, it belongs to the current scope, which is that of the block.</summary>
    public Tensor Value => _kept ?? _set.ReadForBlock(this);

    /// <summary>Its key, without the checkpoint's prefix.</summary>
    internal string Name { get; }

    /// <summary>Bytes it takes in the type it is kept in.</summary>
    internal long ByteCount { get; }

    internal bool IsKept => _kept is not null;

    /// <summary>The weight in the type of <paramref name="x"/>: itself, or a cast that lives as long as the block runs.</summary>
    public Tensor As(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var value = Value;
        return value.DType == x.DType ? value : value.To(x.DType);
    }

    internal void Keep() => _kept = _set.ReadToKeep(this);

    internal void GiveUp()
    {
        _kept?.Dispose();
        _kept = null;
    }
}
