namespace NodeHost.Tensors.Gguf;

/// <summary>The layout of a <see cref="GgmlType"/> that is read: numbers as they are, or blocks that share scales.</summary>
/// <param name="Elements">Numbers in a block.</param>
/// <param name="Bytes">Bytes of a block.</param>
/// <param name="DType">Element type after reading.</param>
/// <param name="Decode">Turns one block into its numbers; null where they are stored as they are.</param>
internal sealed record GgmlFormat(int Elements, int Bytes, DType DType, GgmlBlockDecoder? Decode = null)
{
    private static readonly Dictionary<GgmlType, GgmlFormat> Known = new()
    {
        [GgmlType.F32] = new(1, 4, DType.Float32),
        [GgmlType.F16] = new(1, 2, DType.Float16),
        [GgmlType.BF16] = new(1, 2, DType.BFloat16),
        [GgmlType.F64] = new(1, 8, DType.Float64),
        [GgmlType.I8] = new(1, 1, DType.Int8),
        [GgmlType.I16] = new(1, 2, DType.Int16),
        [GgmlType.I32] = new(1, 4, DType.Int32),
        [GgmlType.I64] = new(1, 8, DType.Int64),
        [GgmlType.Q4_0] = new(32, 18, DType.Float32, GgmlBlocks.DecodeQ4_0),
        [GgmlType.Q4_1] = new(32, 20, DType.Float32, GgmlBlocks.DecodeQ4_1),
        [GgmlType.Q5_0] = new(32, 22, DType.Float32, GgmlBlocks.DecodeQ5_0),
        [GgmlType.Q5_1] = new(32, 24, DType.Float32, GgmlBlocks.DecodeQ5_1),
        [GgmlType.Q8_0] = new(32, 34, DType.Float32, GgmlBlocks.DecodeQ8_0),
        [GgmlType.Q2_K] = new(256, 84, DType.Float32, GgmlSuperBlocks.DecodeQ2_K),
        [GgmlType.Q3_K] = new(256, 110, DType.Float32, GgmlSuperBlocks.DecodeQ3_K),
        [GgmlType.Q4_K] = new(256, 144, DType.Float32, GgmlSuperBlocks.DecodeQ4_K),
        [GgmlType.Q5_K] = new(256, 176, DType.Float32, GgmlSuperBlocks.DecodeQ5_K),
        [GgmlType.Q6_K] = new(256, 210, DType.Float32, GgmlSuperBlocks.DecodeQ6_K),
    };

    /// <summary>What is read, for messages.</summary>
    public static string Names => string.Join(", ", Known.Keys.Order());

    /// <summary>The layout of a type; null where it is not read.</summary>
    public static GgmlFormat? Of(GgmlType type) => Known.GetValueOrDefault(type);
}

/// <summary>Turns one block of a quantised tensor into numbers.</summary>
internal delegate void GgmlBlockDecoder(ReadOnlySpan<byte> block, Span<float> numbers);
