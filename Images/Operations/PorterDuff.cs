using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>Compositing with alpha on both sides: Porter and Duff, "Compositing Digital Images", 1984.</summary>
public static class PorterDuff
{
    /// <summary>Colours are not premultiplied, before or after; shapes broadcast, with channels last.</summary>
    public static (Tensor Colour, Tensor Alpha) Compose(
        Tensor source,
        Tensor sourceAlpha,
        Tensor destination,
        Tensor destinationAlpha,
        PorterDuffMode mode
    )
    {
        var (colour, alpha) = ComposePremultiplied(
            source * sourceAlpha,
            sourceAlpha,
            destination * destinationAlpha,
            destinationAlpha,
            mode
        );
        var straight = alpha.GreaterThan(1e-5).Where(colour / alpha, Tensor.ZerosLike(colour));
        return (straight.Clamp(0, 1), alpha);
    }

    private static (Tensor Colour, Tensor Alpha) ComposePremultiplied(
        Tensor source,
        Tensor sourceAlpha,
        Tensor destination,
        Tensor destinationAlpha,
        PorterDuffMode mode
    )
    {
        // s, d: premultiplied colours; a, b: their alphas, as in the tables of the paper.
        var (s, d, a, b) = (source, destination, sourceAlpha, destinationAlpha);
        var union = a + b - (a * b);
        return mode switch
        {
            PorterDuffMode.Add => ((s + d).Clamp(0, 1), (a + b).Clamp(0, 1)),
            PorterDuffMode.Clear => (Tensor.ZerosLike(d), Tensor.ZerosLike(b)),
            PorterDuffMode.Darken => (((1 - b) * s) + ((1 - a) * d) + s.Minimum(d), union),
            PorterDuffMode.Destination => (d, b),
            PorterDuffMode.DestinationAtop => ((a * d) + ((1 - b) * s), a),
            PorterDuffMode.DestinationIn => (d * a, a * b),
            PorterDuffMode.DestinationOut => ((1 - a) * d, (1 - a) * b),
            PorterDuffMode.DestinationOver => (d + ((1 - b) * s), b + ((1 - b) * a)),
            PorterDuffMode.Lighten => (((1 - b) * s) + ((1 - a) * d) + s.Maximum(d), union),
            PorterDuffMode.Multiply => (s * d, a * b),
            // ComfyUI's overlay, which crosses the alphas in its last product.
            PorterDuffMode.Overlay => ((2 * d).LessThan(b).Where(2 * s * d, (a * b) - (2 * (b - s) * (a - d))), union),
            PorterDuffMode.Screen => (s + d - (s * d), union),
            PorterDuffMode.Source => (s, a),
            PorterDuffMode.SourceAtop => ((b * s) + ((1 - a) * d), b),
            PorterDuffMode.SourceIn => (s * b, a * b),
            PorterDuffMode.SourceOut => ((1 - b) * s, (1 - b) * a),
            PorterDuffMode.SourceOver => (s + ((1 - a) * d), a + ((1 - a) * b)),
            PorterDuffMode.Xor => (((1 - b) * s) + ((1 - a) * d), ((1 - b) * a) + ((1 - a) * b)),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "unknown Porter-Duff mode"),
        };
    }
}
