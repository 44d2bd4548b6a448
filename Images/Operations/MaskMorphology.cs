using System.Numerics;
using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>Grows and shrinks masks by whole pixels.</summary>
public static class MaskMorphology
{
    /// <param name="masks">[B, H, W].</param>
    /// <param name="steps">Positive takes the largest value of the neighbourhood, negative the smallest, so many times.</param>
    /// <param name="taperedCorners">The neighbourhood is a cross rather than a square.</param>
    /// <param name="cancellationToken">Checked at each step.</param>
    public static Tensor Grow(
        Tensor masks,
        int steps,
        bool taperedCorners,
        CancellationToken cancellationToken = default
    )
    {
        var (count, height, width) = ((int)masks.Length(0), (int)masks.Length(1), (int)masks.Length(2));
        var values = masks.ToArray<float>();

        // The smallest of values is the largest of their negatives.
        Negate(values, steps < 0);
        var buffer = new float[width * height];
        for (var i = 0; i < count; i++)
        {
            var mask = values.AsSpan(i * width * height, width * height);
            for (var step = 0; step < Math.Abs(steps); step++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Spread(mask, buffer, width, taperedCorners);
                if (mask.SequenceEqual(buffer))
                {
                    break;
                }

                buffer.CopyTo(mask);
            }
        }

        Negate(values, steps < 0);
        return Tensor.From(values, count, height, width);
    }

    // Neighbours outside the mask do not count; mirrored edges would bring nothing else.
    private static void Spread(ReadOnlySpan<float> source, Span<float> target, int width, bool cross)
    {
        for (var start = 0; start < source.Length; start += width)
        {
            var row = target.Slice(start, width);
            source.Slice(start, width).CopyTo(row);
            Widen(source, row, start, width);
            foreach (var neighbour in (ReadOnlySpan<int>)[start - width, start + width])
            {
                if (neighbour < 0 || neighbour >= source.Length)
                {
                    continue;
                }

                Raise(row, source.Slice(neighbour, width));
                if (!cross)
                {
                    Widen(source, row, neighbour, width);
                }
            }
        }
    }

    private static void Widen(ReadOnlySpan<float> source, Span<float> row, int start, int width)
    {
        Raise(row[1..], source.Slice(start, width - 1));
        Raise(row[..^1], source.Slice(start + 1, width - 1));
    }

    private static void Raise(Span<float> row, ReadOnlySpan<float> other)
    {
        var i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Max(new Vector<float>(row[i..]), new Vector<float>(other[i..])).CopyTo(row[i..]);
        }

        for (; i < row.Length; i++)
        {
            row[i] = Math.Max(row[i], other[i]);
        }
    }

    private static void Negate(Span<float> values, bool wanted)
    {
        for (var i = 0; wanted && i < values.Length; i++)
        {
            values[i] = -values[i];
        }
    }
}
