namespace NodeHost.Tests.Tensors.Gguf;

/// <summary>
/// One number of a quantised block, found bit by bit from the description of the format: where number <c>i</c> lies is
/// worked out anew each time.
/// </summary>
internal static class NaiveGgml
{
    public static (int Type, int Elements, int Bytes)[] Types { get; } =
    [
        (2, 32, 18),
        (3, 32, 20),
        (6, 32, 22),
        (7, 32, 24),
        (8, 32, 34),
        (10, 256, 84),
        (11, 256, 110),
        (12, 256, 144),
        (13, 256, 176),
        (14, 256, 210),
    ];

    public static float Number(int type, byte[] block, int i) =>
        type switch
        {
            2 => (Nibble(block, 2, i) - 8) * Half(block, 0),
            3 => Sum(Nibble(block, 4, i) * Half(block, 0), Half(block, 2)),
            6 => (Nibble(block, 6, i) + 16 * Bit(block, 2, i) - 16) * Half(block, 0),
            7 => Sum((Nibble(block, 8, i) + 16 * Bit(block, 4, i)) * Half(block, 0), Half(block, 2)),
            8 => (sbyte)block[2 + i] * Half(block, 0),
            10 => Q2(block, i),
            11 => Q3(block, i),
            12 => Sum(
                Product(Half(block, 0), Scale(block, i / 32)) * Nibble(block, 16 + i / 64 * 32, i % 64),
                -Product(Half(block, 2), Minimum(block, i / 32))
            ),
            13 => Sum(
                Product(Half(block, 0), Scale(block, i / 32))
                    * (Nibble(block, 48 + i / 64 * 32, i % 64) + 16 * ((block[16 + i % 32] >> (i / 32)) & 1)),
                -Product(Half(block, 2), Minimum(block, i / 32))
            ),
            14 => Q6(block, i),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };

    private static float Q2(byte[] block, int i)
    {
        // Four numbers to a byte, 32 bytes to a half of the block, 32 numbers to each pair of bits.
        var two = (block[16 + i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2)) & 3;
        var scales = block[i / 16];
        return Sum(Product(Half(block, 80), scales & 15) * two, -Product(Half(block, 82), scales >> 4));
    }

    private static float Q3(byte[] block, int i)
    {
        var two = (block[32 + i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2)) & 3;
        var third = (block[i % 32] >> (i / 32)) & 1;
        var group = i / 16;
        var low = group < 8 ? block[96 + group] & 15 : block[96 + group - 8] >> 4;
        var high = (block[104 + group % 4] >> (group / 4 * 2)) & 3;
        return Product(Half(block, 108), low + 16 * high - 32) * (two - (third == 1 ? 0 : 4));
    }

    private static float Q6(byte[] block, int i)
    {
        // In each half: numbers 0-63 have their lower bits in low nibbles, 64-127 in high ones.
        var (half, place) = (i / 128, i % 128);
        var lower = block[half * 64 + place % 64];
        var nibble = place < 64 ? lower & 15 : lower >> 4;
        var two = (block[128 + half * 32 + place % 32] >> (place / 32 * 2)) & 3;
        return Product(Half(block, 208), (sbyte)block[192 + i / 16]) * (nibble + 16 * two - 32);
    }

    private static int Scale(byte[] block, int group) =>
        group < 4 ? block[4 + group] % 64 : block[8 + group] % 16 + block[group] / 64 * 16;

    private static int Minimum(byte[] block, int group) =>
        group < 4 ? block[8 + group] % 64 : block[8 + group] / 16 + block[4 + group] / 64 * 16;

    // The first half of a run of numbers lies in the low nibbles, the second in the high ones.
    private static int Nibble(byte[] block, int start, int i)
    {
        var half = start is 2 or 4 or 6 or 8 ? 16 : 32;
        return i < half ? block[start + i] & 15 : block[start + i - half] >> 4;
    }

    private static int Bit(byte[] block, int start, int i) => (block[start + i / 8] >> (i % 8)) & 1;

    private static float Half(byte[] block, int start) => (float)BitConverter.ToHalf(block, start);

    private static float Product(float a, float b) => a * b;

    private static float Sum(float a, float b) => a + b;
}
