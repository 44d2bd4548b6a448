namespace NodeHost.Images.Quantization;

/// <summary>A colour, possibly with its low bits dropped, and how many pixels have it.</summary>
internal readonly record struct CountedColour(int Key, int Count)
{
    public static int KeyOf(ReadOnlySpan<byte> pixel, int shift) =>
        ((pixel[0] >> shift) << 16) | ((pixel[1] >> shift) << 8) | (pixel[2] >> shift);

    /// <summary>0 red, 1 green, 2 blue.</summary>
    public int Value(int axis) => (Key >> (16 - (8 * axis))) & 0xFF;
}
