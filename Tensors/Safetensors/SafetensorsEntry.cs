namespace NodeHost.Tensors.Safetensors;

/// <summary>What a safetensors header says about one tensor: key, element type and shape.</summary>
public sealed class SafetensorsEntry
{
    private readonly long[] _shape;

    /// <param name="key">Name of the tensor.</param>
    /// <param name="dtype">Element type as stored; float8 tensors are handled as their bytes.</param>
    /// <param name="shape">Sizes of the dimensions.</param>
    public SafetensorsEntry(string key, DType dtype, ReadOnlySpan<long> shape)
        : this(key, dtype, shape.ToArray(), 0) { }

    internal SafetensorsEntry(string key, DType dtype, long[] shape, long offset)
    {
        Key = key;
        DType = dtype;
        _shape = shape;
        Offset = offset;
        ElementCount = 1;
        foreach (var size in shape)
        {
            ElementCount = checked(ElementCount * size);
        }
    }

    public string Key { get; }

    /// <summary>Element type as stored, which for float8 is not the type of the tensor that is loaded.</summary>
    public DType DType { get; }

    public ReadOnlySpan<long> Shape => _shape;

    public int Rank => _shape.Length;

    public long ElementCount { get; }

    public long ByteCount => ElementCount * DType.Size();

    /// <summary>First byte of the data, counted from the end of the header.</summary>
    internal long Offset { get; }

    internal SafetensorsEntry At(long offset) => new(Key, DType, _shape, offset);

    public override string ToString() => $"{Key} [{string.Join(", ", _shape)}] {DType.ShortName()}";
}
