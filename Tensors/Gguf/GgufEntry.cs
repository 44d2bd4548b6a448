using System.Collections.Immutable;

namespace NodeHost.Tensors.Gguf;

/// <summary>What a GGUF file says of one tensor.</summary>
public sealed record GgufEntry
{
    internal GgufEntry(GgmlType type, ImmutableArray<long> shape, long position, long byteCount)
    {
        Type = type;
        Shape = shape;
        Position = position;
        ByteCount = byteCount;
    }

    /// <summary>Slowest dimension first, as everywhere else here; the file has it the other way round.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Element type after reading: quantised numbers become float32.</summary>
    public DType DType => Format.DType;

    /// <summary>How the numbers are stored.</summary>
    internal GgmlType Type { get; }

    /// <summary>Where it begins in the file.</summary>
    internal long Position { get; }

    /// <summary>Bytes in the file.</summary>
    internal long ByteCount { get; }

    internal GgmlFormat Format => GgmlFormat.Of(Type)!;

    internal long ElementCount => Shape.Aggregate(1L, (product, length) => product * length);
}
