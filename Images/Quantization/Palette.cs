namespace NodeHost.Images.Quantization;

/// <summary>256 colours and the nearest of them to any other, found once per cell of a 64x64x64 grid.</summary>
/// <remarks>
/// Pillow looks colours up by their upper six bits, and its palettes of fewer colours are filled with black, which
/// takes part: both are visible in ComfyUI's pixels. Same search, other code:
/// https://github.com/python-pillow/Pillow/blob/9.4.0/src/libImaging/Palette.c (HPND licence, Fredrik Lundh).
/// </remarks>
public sealed class Palette
{
    public const int Size = 256;
    private const short Unknown = -1;

    private readonly short[] _nearest = new short[64 * 64 * 64];
    private readonly int[] _red = new int[Size];
    private readonly int[] _green = new int[Size];
    private readonly int[] _blue = new int[Size];

    public Palette(IReadOnlyList<(byte Red, byte Green, byte Blue)> colours)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(colours.Count, Size, nameof(colours));
        for (var i = 0; i < colours.Count; i++)
        {
            (_red[i], _green[i], _blue[i]) = colours[i];
        }

        Array.Fill(_nearest, Unknown);
    }

    public (byte Red, byte Green, byte Blue) this[int index] =>
        ((byte)_red[index], (byte)_green[index], (byte)_blue[index]);

    public int Nearest(int red, int green, int blue)
    {
        var cell = ((red >> 2) << 12) | ((green >> 2) << 6) | (blue >> 2);
        if (_nearest[cell] == Unknown)
        {
            _nearest[cell] = Search(red & ~3, green & ~3, blue & ~3);
        }

        return _nearest[cell];
    }

    private short Search(int red, int green, int blue)
    {
        var (best, bestDistance) = (0, int.MaxValue);
        for (var i = 0; i < Size; i++)
        {
            var (r, g, b) = (_red[i] - red, _green[i] - green, _blue[i] - blue);
            var distance = (r * r) + (g * g) + (b * b);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (i, distance);
            }
        }

        return (short)best;
    }
}
