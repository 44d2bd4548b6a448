using System.Collections.Immutable;

namespace NodeHost.Tensors.Pickle;

/// <summary>A tensor of a pickled file: a strided view of a storage, checked to lie inside it.</summary>
public sealed class PickleTensor
{
    internal const int MostDimensions = 64;

    /// <summary>A tensor with more elements than its storage (stride 0) is copied when it is read; this bounds the copy.</summary>
    private const long MostExpanded = 1 << 26;

    private PickleTensor(PickleStorage storage, long offset, ImmutableArray<long> shape, ImmutableArray<long> strides)
    {
        Storage = storage;
        Offset = offset;
        Shape = shape;
        Strides = strides;
    }

    public DType DType => Storage.DType;

    public ImmutableArray<long> Shape { get; }

    internal PickleStorage Storage { get; }

    /// <summary>First element within the storage's data.</summary>
    internal long Offset { get; }

    internal ImmutableArray<long> Strides { get; }

    internal long ElementCount => Shape.Aggregate(1L, (count, size) => count * size);

    /// <summary>Elements from the first to the last that the view touches.</summary>
    internal long Extent => Shape.Contains(0) ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    internal bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                {
                    return false;
                }
                expected *= Shape[i];
            }
            return true;
        }
    }

    internal static PickleTensor? Create(
        PickleStorage storage,
        long offset,
        ImmutableArray<long> shape,
        ImmutableArray<long> strides
    )
    {
        if (offset < 0 || offset > storage.Count || shape.Length != strides.Length)
        {
            return null;
        }
        var count = (UInt128)1;
        var last = (UInt128)(ulong)offset;
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] < 0 || strides[i] < 0)
            {
                return null;
            }
            count *= (ulong)shape[i];
            last += shape[i] == 0 ? 0 : (UInt128)(ulong)(shape[i] - 1) * (ulong)strides[i];
            // Within 64 bits after each step, the next product stays within 128. A later size of 0 redeems nothing.
            if (count > long.MaxValue / 8 || last > long.MaxValue / 8)
            {
                return null;
            }
        }
        var inside = count == 0 || last < (ulong)storage.Count;
        var bounded = count <= (ulong)Math.Max(storage.Count, MostExpanded);
        return inside && bounded ? new PickleTensor(storage, storage.Start + offset, shape, strides) : null;
    }
}
