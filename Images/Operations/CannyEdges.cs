using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>John Canny, "A Computational Approach to Edge Detection", 1986.</summary>
/// <remarks>
/// Kernels, borders and thresholds as in kornia.filters.canny (Apache-2.0):
/// https://github.com/kornia/kornia/blob/v0.7.1/kornia/filters/canny.py
/// </remarks>
public static class CannyEdges
{
    private const double Epsilon = 1e-6;

    private static readonly Operator ArcTangentOperator = new("aten::atan2");

    // The eight neighbours, clockwise from the right, in steps of 45 degrees: (row, column).
    private static readonly (int Row, int Column)[] Neighbours =
    [
        (0, 1),
        (1, 1),
        (1, 0),
        (1, -1),
        (0, -1),
        (-1, -1),
        (-1, 0),
        (-1, 1),
    ];

    /// <summary>1 on edges, else 0; [B, H, W, 1].</summary>
    /// <param name="images">[B, H, W, C]; the first three channels count.</param>
    /// <param name="low">Gradients above it continue an edge.</param>
    /// <param name="high">Gradients above it are an edge.</param>
    public static Tensor Find(Tensor images, double low, double high)
    {
        var grey = Grey(images).Unsqueeze(1); // [B, 1, H, W]
        var (horizontal, vertical) = Gradient(Blur(grey));
        var magnitude = ((horizontal * horizontal) + (vertical * vertical) + Epsilon).Sqrt();
        var thinned = SuppressNonMaxima(magnitude, horizontal, vertical);
        var edges = thinned.GreaterThan(high).To(DType.Float32);
        var candidates = thinned.GreaterThan(low).To(DType.Float32);
        return FollowEdges(edges, candidates).Permute(0, 2, 3, 1);
    }

    private static Tensor Grey(Tensor images) =>
        images.Length(3) == 1
            ? images.Select(3, 0)
            : (0.299 * images.Select(3, 0)) + (0.587 * images.Select(3, 1)) + (0.114 * images.Select(3, 2));

    private static Tensor Blur(Tensor grey)
    {
        var positions = Tensor.Arange(-2, 3);
        var bell = (-(positions * positions) / 2).Exp();
        var kernel = (bell / bell.Sum()).Reshape(1, 1, 1, 5);
        var padded = grey.Pad([2, 2, 2, 2], "reflect");
        return Functional.Conv2d(Functional.Conv2d(padded, kernel), kernel.Permute(0, 1, 3, 2));
    }

    // Sobel's kernels.
    private static (Tensor Horizontal, Tensor Vertical) Gradient(Tensor grey)
    {
        var kernel = Tensor.From([-1f, 0, 1, -2, 0, 2, -1, 0, 1], 1, 1, 3, 3);
        var padded = grey.Pad([1, 1, 1, 1], "replicate");
        return (Functional.Conv2d(padded, kernel), Functional.Conv2d(padded, kernel.Permute(0, 1, 3, 2)));
    }

    // Keeps what is larger than both neighbours across the edge.
    private static Tensor SuppressNonMaxima(Tensor magnitude, Tensor horizontal, Tensor vertical)
    {
        var differences = Neighbours.Select(neighbour => magnitude - Shift(magnitude, neighbour)).ToArray();
        var stacked = Tensor.Concat(differences, 1); // [B, 8, H, W]
        var eighth = (Angle(vertical, horizontal) / (Math.PI / 4)).Round().Remainder(8);
        var ahead = stacked.Gather(1, eighth.To(DType.Int64));
        var behind = stacked.Gather(1, (eighth + 4).Remainder(8).To(DType.Int64));
        return ahead.Minimum(behind).GreaterThan(0).Where(magnitude, Tensor.ZerosLike(magnitude));
    }

    private static Tensor Angle(Tensor vertical, Tensor horizontal) => ArcTangentOperator.Call(vertical, horizontal);

    private static Tensor FollowEdges(Tensor edges, Tensor candidates)
    {
        while (true)
        {
            var near = Functional.MaxPool2d(edges, 3, 1, 1);
            var grown = edges.Maximum(near * candidates);
            if (grown.IsEqualTo(edges))
            {
                return edges;
            }

            edges = grown;
        }
    }

    // The neighbour of every pixel; 0 beyond the border.
    private static Tensor Shift(Tensor values, (int Row, int Column) neighbour)
    {
        var (height, width) = (values.Length(2), values.Length(3));
        return values
            .Pad([1, 1, 1, 1])
            .Slice(2, 1 + neighbour.Row, 1 + neighbour.Row + height)
            .Slice(3, 1 + neighbour.Column, 1 + neighbour.Column + width);
    }
}
