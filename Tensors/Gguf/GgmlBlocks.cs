using System.Buffers.Binary;

namespace NodeHost.Tensors.Gguf;

/// <summary>Blocks of 32 numbers with one scale (and one offset).</summary>
/// <remarks>
/// The layouts are ggml's (MIT): https://github.com/ggml-org/ggml/blob/master/src/ggml-quants.c. Products and sums are
/// rounded one after the other, as its reference functions do.
/// </remarks>
internal static class GgmlBlocks
{
    private const int Half = 16;

    /// <summary>Scale; then 4 bits each, the first half of the numbers in the low ones.</summary>
    public static void DecodeQ4_0(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var scale = HalfAt(block, 0);
        var bits = block[2..18];
        for (var i = 0; i < Half; i++)
        {
            numbers[i] = ((bits[i] & 0x0F) - 8) * scale;
            numbers[i + Half] = ((bits[i] >> 4) - 8) * scale;
        }
    }

    /// <summary>Scale, offset; then 4 bits each.</summary>
    public static void DecodeQ4_1(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var (scale, offset) = (HalfAt(block, 0), HalfAt(block, 2));
        var bits = block[4..20];
        for (var i = 0; i < Half; i++)
        {
            numbers[i] = (bits[i] & 0x0F) * scale + offset;
            numbers[i + Half] = (bits[i] >> 4) * scale + offset;
        }
    }

    /// <summary>Scale; the fifth bits of all; then the lower 4 bits each.</summary>
    public static void DecodeQ5_0(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var scale = HalfAt(block, 0);
        var high = BinaryPrimitives.ReadUInt32LittleEndian(block[2..]);
        var bits = block[6..22];
        for (var i = 0; i < Half; i++)
        {
            numbers[i] = (((bits[i] & 0x0F) | Fifth(high, i)) - 16) * scale;
            numbers[i + Half] = (((bits[i] >> 4) | Fifth(high, i + Half)) - 16) * scale;
        }
    }

    /// <summary>Scale, offset; the fifth bits of all; then the lower 4 bits each.</summary>
    public static void DecodeQ5_1(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var (scale, offset) = (HalfAt(block, 0), HalfAt(block, 2));
        var high = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        var bits = block[8..24];
        for (var i = 0; i < Half; i++)
        {
            numbers[i] = ((bits[i] & 0x0F) | Fifth(high, i)) * scale + offset;
            numbers[i + Half] = ((bits[i] >> 4) | Fifth(high, i + Half)) * scale + offset;
        }
    }

    /// <summary>Scale; then a signed byte each.</summary>
    public static void DecodeQ8_0(ReadOnlySpan<byte> block, Span<float> numbers)
    {
        var scale = HalfAt(block, 0);
        var bytes = block[2..34];
        for (var i = 0; i < bytes.Length; i++)
        {
            numbers[i] = (sbyte)bytes[i] * scale;
        }
    }

    internal static float HalfAt(ReadOnlySpan<byte> block, int offset) =>
        (float)BinaryPrimitives.ReadHalfLittleEndian(block[offset..]);

    private static int Fifth(uint high, int index) => (int)((high >> index) & 1) << 4;
}
