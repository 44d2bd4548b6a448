namespace NodeHost.Tensors.Gguf;

/// <summary>Blocks of 256 numbers in 8 or 16 groups, whose scales (and offsets) are numbers of 4 to 8 bits themselves.</summary>
/// <remarks>
/// The layouts are ggml's (MIT): https://github.com/ggml-org/ggml/blob/master/src/ggml-quants.c. Products and sums are
/// rounded one after the other, as its reference functions do.
/// </remarks>
internal static class GgmlSuperBlocks
{
    private const int Size = 256;

    /// <summary>16 bytes of scale and offset (4 bits each); 2 bits each; scale of the scales, scale of the offsets.</summary>
    public static void DecodeQ2_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var (scale, minimum) = (GgmlBlocks.HalfAt(block, 80), GgmlBlocks.HalfAt(block, 82));
        for (var group = 0; group < Size / 16; group++)
        {
            var groupScale = scale * (block[group] & 0x0F);
            var groupMinimum = minimum * (block[group] >> 4);
            var bits = block[(16 + group / 8 * 32 + group % 2 * 16)..];
            var shift = group % 8 / 2 * 2;
            var target = numbers.Slice(group * 16, 16);
            for (var i = 0; i < 16; i++)
            {
                target[i] = groupScale * ((bits[i] >> shift) & 3) - groupMinimum;
            }
        }
    }

    /// <summary>The third bits of all; 2 bits each; 16 scales of 6 bits; scale of the scales.</summary>
    public static void DecodeQ3_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var scale = GgmlBlocks.HalfAt(block, 108);
        var scales = block[96..108];
        for (var group = 0; group < Size / 16; group++)
        {
            var low = (scales[group % 8] >> (group / 8 * 4)) & 0x0F;
            var high = (scales[8 + group % 4] >> (group / 4 * 2)) & 3;
            var groupScale = scale * ((low | (high << 4)) - 32);
            var bits = block[(32 + group / 8 * 32 + group % 2 * 16)..];
            var shift = group % 8 / 2 * 2;
            var thirds = block[(group % 2 * 16)..];
            var thirdShift = group / 2;
            var target = numbers.Slice(group * 16, 16);
            for (var i = 0; i < 16; i++)
            {
                var number = ((bits[i] >> shift) & 3) | (((thirds[i] >> thirdShift) & 1) << 2);
                target[i] = groupScale * (number - 4);
            }
        }
    }

    /// <summary>Scale of the scales, scale of the offsets; 8 of both in 6 bits; 4 bits each.</summary>
    public static void DecodeQ4_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var (scale, minimum) = (GgmlBlocks.HalfAt(block, 0), GgmlBlocks.HalfAt(block, 2));
        for (var group = 0; group < Size / 32; group++)
        {
            var (groupScale, groupMinimum) = SixBits(block[4..16], group);
            var (factor, offset) = (scale * groupScale, minimum * groupMinimum);
            var bits = block.Slice(16 + group / 2 * 32, 32);
            var shift = group % 2 * 4;
            var target = numbers.Slice(group * 32, 32);
            for (var i = 0; i < 32; i++)
            {
                target[i] = factor * ((bits[i] >> shift) & 0x0F) - offset;
            }
        }
    }

    /// <summary>As <see cref="DecodeQ4_K"/>, with the fifth bits of all before the lower 4 bits.</summary>
    public static void DecodeQ5_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var (scale, minimum) = (GgmlBlocks.HalfAt(block, 0), GgmlBlocks.HalfAt(block, 2));
        var fifths = block[16..48];
        for (var group = 0; group < Size / 32; group++)
        {
            var (groupScale, groupMinimum) = SixBits(block[4..16], group);
            var (factor, offset) = (scale * groupScale, minimum * groupMinimum);
            var bits = block.Slice(48 + group / 2 * 32, 32);
            var shift = group % 2 * 4;
            var target = numbers.Slice(group * 32, 32);
            for (var i = 0; i < 32; i++)
            {
                var number = ((bits[i] >> shift) & 0x0F) + (((fifths[i] >> group) & 1) << 4);
                target[i] = factor * number - offset;
            }
        }
    }

    /// <summary>The lower 4 bits each; the upper 2 bits each; 16 signed scales; scale of the scales.</summary>
    public static void DecodeQ6_K(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var scale = GgmlBlocks.HalfAt(block, 208);
        for (var group = 0; group < Size / 16; group++)
        {
            var factor = scale * (sbyte)block[192 + group];
            // In each half of the block: four rows of 32, of which two share the bytes of the lower bits, and all four
            // those of the upper.
            var (half, row, column) = (group / 8, group % 8 / 2, group % 2 * 16);
            var lower = block[(half * 64 + row % 2 * 32 + column)..];
            var upper = block[(128 + half * 32 + column)..];
            var (lowerShift, upperShift) = (row / 2 * 4, row * 2);
            var target = numbers.Slice(group * 16, 16);
            for (var i = 0; i < 16; i++)
            {
                var number = ((lower[i] >> lowerShift) & 0x0F) | (((upper[i] >> upperShift) & 3) << 4);
                target[i] = factor * (number - 32);
            }
        }
    }

    // Eight scales and eight offsets of 6 bits in 12 bytes: the first four of each whole, the others in two parts.
    private static (int Scale, int Minimum) SixBits(ReadOnlySpan<byte> packed, int index) =>
        index < 4
            ? (packed[index] & 63, packed[index + 4] & 63)
            : (
                (packed[index + 4] & 0x0F) | ((packed[index - 4] >> 6) << 4),
                (packed[index + 4] >> 4) | ((packed[index] >> 6) << 4)
            );
}
