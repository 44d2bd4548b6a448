using System.Numerics;

namespace NodeHost.Images.Resampling;

/// <summary>Pillow's resize: two passes of fixed-point convolution, rounded to 8 bits between them.</summary>
/// <remarks>
/// The arithmetic is that of Pillow (HPND licence, Copyright 1995-2011 Fredrik Lundh, 2010-2024 Jeffrey A. Clark and
/// contributors): https://github.com/python-pillow/Pillow/blob/9.4.0/src/libImaging/Resample.c
/// </remarks>
public static class Resampler
{
    private const int Half = 1 << (ResampleWeights.FractionBits - 1);

    /// <summary>Resizes; colours count by their alpha where there is one.</summary>
    public static PixelBuffer Resize(PixelBuffer source, int width, int height, ResampleFilter filter)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if ((width, height) == (source.Width, source.Height))
        {
            return source;
        }

        var hasAlpha = source.Channels is 2 or 4;
        var prepared = hasAlpha ? Premultiplication.Apply(source) : source;
        var wide = width == source.Width ? prepared : ResizeRows(prepared, width, filter);
        var result = height == source.Height ? wide : ResizeColumns(wide, height, filter);
        return hasAlpha ? Premultiplication.Undo(result) : result;
    }

    /// <summary>Scales so that the longer side has <paramref name="side"/> pixels, as previews are.</summary>
    public static PixelBuffer FitLongerSide(PixelBuffer source, int side, ResampleFilter filter)
    {
        var (width, height) =
            source.Width >= source.Height
                ? (side, Math.Max(1, (int)Math.Round((double)source.Height / source.Width * side)))
                : (Math.Max(1, (int)Math.Round((double)source.Width / source.Height * side)), side);
        return Resize(source, width, height, filter);
    }

    private static PixelBuffer ResizeRows(PixelBuffer source, int width, ResampleFilter filter)
    {
        var weights = new ResampleWeights(filter, source.Width, width);
        var result = new PixelBuffer(width, source.Height, source.Channels);
        Parallel.For(
            0,
            source.Height,
            y =>
            {
                var from = source.Row(y);
                var to = result.Row(y);
                var channels = source.Channels;
                for (var x = 0; x < width; x++)
                {
                    var start = from[(weights.First(x) * channels)..];
                    Convolve(start, weights.Weights(x), to.Slice(x * channels, channels));
                }
            }
        );
        return result;
    }

    private static void Convolve(ReadOnlySpan<byte> source, ReadOnlySpan<int> weights, Span<byte> target)
    {
        if (target.Length == 3)
        {
            ConvolveRgb(source, weights, target);
            return;
        }

        var channels = target.Length;
        for (var channel = 0; channel < channels; channel++)
        {
            var sum = Half;
            var position = channel;
            foreach (var weight in weights)
            {
                sum += source[position] * weight;
                position += channels;
            }

            target[channel] = Clip(sum);
        }
    }

    private static void ConvolveRgb(ReadOnlySpan<byte> source, ReadOnlySpan<int> weights, Span<byte> target)
    {
        var (red, green, blue) = (Half, Half, Half);
        source = source[..(weights.Length * 3)];
        for (int i = 0, position = 0; i < weights.Length; i++, position += 3)
        {
            var weight = weights[i];
            red += source[position] * weight;
            green += source[position + 1] * weight;
            blue += source[position + 2] * weight;
        }

        target[2] = Clip(blue);
        target[1] = Clip(green);
        target[0] = Clip(red);
    }

    private static PixelBuffer ResizeColumns(PixelBuffer source, int height, ResampleFilter filter)
    {
        var weights = new ResampleWeights(filter, source.Height, height);
        var result = new PixelBuffer(source.Width, height, source.Channels);
        Parallel.For(
            0,
            height,
            () => new int[source.Width * source.Channels],
            (y, _, sums) =>
            {
                Array.Fill(sums, Half);
                var first = weights.First(y);
                var column = weights.Weights(y);
                for (var i = 0; i < column.Length; i++)
                {
                    AddRow(sums, source.Row(first + i), column[i]);
                }

                var target = result.Row(y);
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = Clip(sums[i]);
                }

                return sums;
            },
            _ => { }
        );
        return result;
    }

    private static void AddRow(Span<int> sums, ReadOnlySpan<byte> row, int weight)
    {
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[i..]), out var lower, out var upper);
            AddWide(sums[i..], lower, weight);
            AddWide(sums[(i + Vector<ushort>.Count)..], upper, weight);
        }

        for (; i < row.Length; i++)
        {
            sums[i] += row[i] * weight;
        }
    }

    private static void AddWide(Span<int> sums, Vector<ushort> values, int weight)
    {
        Vector.Widen(values, out var lower, out var upper);
        var next = sums[Vector<int>.Count..];
        (new Vector<int>(sums) + (Vector.AsVectorInt32(lower) * weight)).CopyTo(sums);
        (new Vector<int>(next) + (Vector.AsVectorInt32(upper) * weight)).CopyTo(next);
    }

    private static byte Clip(int sum) => (byte)Math.Clamp(sum >> ResampleWeights.FractionBits, 0, 255);
}
