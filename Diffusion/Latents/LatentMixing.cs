using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>Two latents made into one.</summary>
public static class LatentMixing
{
    /// <summary>Directions of the channel vectors and their lengths mixed apart, so that the mixture keeps its contrast.</summary>
    /// <param name="first">[B, C, H, W].</param>
    /// <param name="second">The same shape.</param>
    /// <param name="ratio">Share of <paramref name="first"/>.</param>
    public static Tensor Interpolate(Tensor first, Tensor second, double ratio)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        using var scope = new TensorScope();
        var firstLength = first.Norm([1], keepDimensions: true);
        var secondLength = second.Norm([1], keepDimensions: true);
        var mixed = (first / firstLength).NanToNum() * ratio + (second / secondLength).NanToNum() * (1 - ratio);
        var direction = (mixed / mixed.Norm([1], keepDimensions: true)).NanToNum();
        return scope.Keep(direction * (firstLength * ratio + secondLength * (1 - ratio)));
    }

    /// <summary>Lays a latent upon another; all sizes in latent elements.</summary>
    /// <param name="destination">[B, C, H, W]; left as it is.</param>
    /// <param name="source">What is laid on, cut off at the right and lower edge.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Top edge.</param>
    /// <param name="feather">Width of the soft edge, which inner edges have and those on the border do not.</param>
    public static Tensor Paste(Tensor destination, Tensor source, long x, long y, long feather)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(source);
        using var scope = new TensorScope();
        var result = destination.Clone();
        var (height, width) = (destination.Length(2), destination.Length(3));
        if (x >= width || y >= height)
        {
            return scope.Keep(result);
        }
        source = source.Slice(2, 0, height - y).Slice(3, 0, width - x);
        var region = result.Slice(2, y, y + source.Length(2)).Slice(3, x, x + source.Length(3));
        if (feather == 0)
        {
            region.Assign(source);
            return scope.Keep(result);
        }
        var weights = Tensor.OnesLike(source);
        Fade(weights, 2, feather, y != 0, y + source.Length(2) < height);
        Fade(weights, 3, feather, x != 0, x + source.Length(3) < width);
        region.Assign(source * weights + region * (1 - weights));
        return scope.Keep(result);
    }

    private static void Fade(Tensor weights, int dimension, long feather, bool start, bool end)
    {
        var length = weights.Length(dimension);
        // Negative indices count from the end, as in Python: an edge wider than the source comes back from the other side.
        for (var step = 0L; step < feather; step++)
        {
            var factor = 1.0 / feather * (step + 1);
            if (start)
            {
                weights.Slice(dimension, step, step + 1).MultiplyInPlace(factor);
            }
            if (end)
            {
                weights.Slice(dimension, length - 1 - step, length - step).MultiplyInPlace(factor);
            }
        }
    }
}
