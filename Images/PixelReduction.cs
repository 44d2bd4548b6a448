using System.Runtime.InteropServices;
using NodeHost.Images.Native;
using NodeHost.Images.Png;

namespace NodeHost.Images;

/// <summary>Brings what a decoder gives (grey, 16 bits, CMYK) to 8-bit RGB or RGBA, with Pillow's arithmetic.</summary>
internal static class PixelReduction
{
    /// <summary>Null when the bands need a colour conversion first, or cannot be decoded.</summary>
    public static PixelBuffer? TryReduce(VipsImage image, PngHeader? header)
    {
        var (width, height, bands) = (image.Width, image.Height, image.Bands);
        var known =
            image.Interpretation
            is VipsInterpretation.Multiband
                or VipsInterpretation.BlackWhite
                or VipsInterpretation.Rgb
                or VipsInterpretation.StandardRgb
                or VipsInterpretation.Rgb16
                or VipsInterpretation.Grey16;
        var cmyk = image.Interpretation == VipsInterpretation.Cmyk && bands >= 4;
        var format = image.Format;
        if ((!known && !cmyk) || bands < 1 || format is not (VipsFormat.UnsignedByte or VipsFormat.UnsignedShort))
        {
            return null;
        }

        if (image.TryReadPixels() is not { } raw)
        {
            return null;
        }

        if (format == VipsFormat.UnsignedShort && header is { ColourType: PngColourType.Grey })
        {
            // A colour key, which would be the second band, does not apply to 16-bit grey in Pillow.
            raw = ReduceGrey(MemoryMarshal.Cast<byte, ushort>(raw), bands);
            bands = 1;
        }
        else if (format == VipsFormat.UnsignedShort)
        {
            raw = ReduceColour(MemoryMarshal.Cast<byte, ushort>(raw));
        }

        if (cmyk)
        {
            return new PixelBuffer(width, height, 3, FromCmyk(raw, bands));
        }

        return bands > 4
            ? new PixelBuffer(width, height, 3, FirstThree(raw, bands))
            : new PixelBuffer(width, height, bands, raw).ToChannels(bands is 2 or 4 ? 4 : 3);
    }

    // Pillow opens 16-bit grey PNG as 32-bit integers; ComfyUI multiplies by 1/255, and the conversion to RGB clips.
    private static byte[] ReduceGrey(ReadOnlySpan<ushort> values, int bands)
    {
        var result = new byte[values.Length / bands];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (byte)Math.Min(255, (int)(values[i * bands] * (1.0 / 255)));
        }

        return result;
    }

    private static byte[] ReduceColour(ReadOnlySpan<ushort> values)
    {
        var result = new byte[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            result[i] = (byte)(values[i] >> 8);
        }

        return result;
    }

    private static byte[] FromCmyk(byte[] values, int bands)
    {
        var result = new byte[values.Length / bands * 3];
        for (int from = 0, to = 0; from < values.Length; from += bands, to += 3)
        {
            var white = 255 - values[from + 3];
            for (var channel = 0; channel < 3; channel++)
            {
                var product = (values[from + channel] * white) + 128;
                result[to + channel] = (byte)Math.Max(0, white - (((product >> 8) + product) >> 8));
            }
        }

        return result;
    }

    private static byte[] FirstThree(byte[] values, int bands)
    {
        var result = new byte[values.Length / bands * 3];
        for (int from = 0, to = 0; from < values.Length; from += bands, to += 3)
        {
            values.AsSpan(from, 3).CopyTo(result.AsSpan(to));
        }

        return result;
    }
}
