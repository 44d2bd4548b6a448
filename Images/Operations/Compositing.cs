using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>Lays one batch over another, where it overlaps and as far as a mask lets it.</summary>
public static class Compositing
{
    /// <summary>The composite as a new tensor; all are [B, C, H, W], so latents work too.</summary>
    /// <param name="destination">What is laid upon.</param>
    /// <param name="source">What is laid on; its batch is repeated or cut to the destination's.</param>
    /// <param name="x">Left edge in the destination, in pixels; <paramref name="multiplier"/> pixels are one element.</param>
    /// <param name="y">Top edge.</param>
    /// <param name="mask">1 where the source shows, resized to it; null = everywhere.</param>
    /// <param name="multiplier">1 for pictures, 8 for latents.</param>
    /// <param name="resizeSource">Stretches the source over the whole destination first.</param>
    public static Tensor Composite(
        Tensor destination,
        Tensor source,
        long x,
        long y,
        Tensor? mask,
        long multiplier = 1,
        bool resizeSource = false
    )
    {
        var result = destination.Clone();
        var (height, width) = (destination.Length(2), destination.Length(3));
        if (resizeSource)
        {
            source = Functional.Interpolate(source, height, width, InterpolationMode.Bilinear);
        }

        source = BatchSize.RepeatTo(source, destination.Length(0));
        var (sourceHeight, sourceWidth) = (source.Length(2), source.Length(3));
        x = Math.Clamp(x, -sourceWidth * multiplier, width * multiplier);
        y = Math.Clamp(y, -sourceHeight * multiplier, height * multiplier);
        var (left, top) = (FloorDivide(x, multiplier), FloorDivide(y, multiplier));
        var (visibleWidth, visibleHeight) = (Math.Min(sourceWidth, width - left), Math.Min(sourceHeight, height - top));
        var (hiddenWidth, hiddenHeight) = (Math.Max(0, -left), Math.Max(0, -top));
        if (visibleWidth <= hiddenWidth || visibleHeight <= hiddenHeight)
        {
            return result;
        }

        Tensor Visible(Tensor tensor) =>
            tensor.Slice(2, hiddenHeight, visibleHeight).Slice(3, hiddenWidth, visibleWidth);

        var region = result
            .Slice(2, top + hiddenHeight, top + visibleHeight)
            .Slice(3, left + hiddenWidth, left + visibleWidth);
        if (mask is null)
        {
            region.Assign(Visible(source));
            return result;
        }

        var weights = mask.Reshape(-1, 1, mask.Length(-2), mask.Length(-1));
        weights = Functional.Interpolate(weights, sourceHeight, sourceWidth, InterpolationMode.Bilinear);
        weights = Visible(BatchSize.RepeatTo(weights, source.Length(0)));
        region.Assign((weights * Visible(source)) + ((1 - weights) * region));
        return result;
    }

    private static long FloorDivide(long value, long divisor) => (long)Math.Floor((double)value / divisor);
}
