using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>Grows and shrinks masks by whole pixels.</summary>
public static class MaskMorphology
{
    /// <param name="masks">[B, H, W].</param>
    /// <param name="steps">Positive takes the largest value of the neighbourhood, negative the smallest, so many times.</param>
    /// <param name="taperedCorners">The neighbourhood is a cross rather than a square.</param>
    public static Tensor Grow(Tensor masks, int steps, bool taperedCorners)
    {
        var (count, height, width) = ((int)masks.Length(0), (int)masks.Length(1), (int)masks.Length(2));
        var values = masks.ToArray<float>();
        var sign = Math.Sign(steps);

        // After so many steps nothing changes any more, however many are asked for.
        var needed = Math.Min(Math.Abs(steps), height + width);
        var buffer = new float[width * height];
        for (var i = 0; i < count; i++)
        {
            var mask = values.AsSpan(i * width * height, width * height);
            for (var step = 0; step < needed; step++)
            {
                Spread(mask, buffer, width, height, sign, taperedCorners);
                buffer.CopyTo(mask);
            }
        }

        return Tensor.From(values, count, height, width);
    }

    // Neighbours outside the mask do not count; mirrored edges would bring nothing else.
    private static void Spread(
        ReadOnlySpan<float> source,
        Span<float> target,
        int width,
        int height,
        int sign,
        bool cross
    )
    {
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var best = source[(y * width) + x];
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        var (nearX, nearY) = (x + dx, y + dy);
                        var counts = !cross || dx == 0 || dy == 0;
                        if (!counts || nearX < 0 || nearY < 0 || nearX >= width || nearY >= height)
                        {
                            continue;
                        }

                        var value = source[(nearY * width) + nearX];
                        best = sign > 0 ? Math.Max(best, value) : Math.Min(best, value);
                    }
                }

                target[(y * width) + x] = best;
            }
        }
    }
}
