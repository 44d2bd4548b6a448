using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>Grey morphology with a square; what lies outside the picture does not count.</summary>
/// <remarks>Results as kornia.morphology gives them with its default border (Apache-2.0): https://github.com/kornia/kornia</remarks>
public static class Morphology
{
    /// <param name="images">[B, H, W, C].</param>
    /// <param name="operation">What to do.</param>
    /// <param name="size">Side of the square.</param>
    public static Tensor Apply(Tensor images, MorphologyOperation operation, int size)
    {
        var pictures = images.Permute(0, 3, 1, 2);
        var result = operation switch
        {
            MorphologyOperation.Erode => Erode(pictures, size),
            MorphologyOperation.Dilate => Dilate(pictures, size),
            MorphologyOperation.Open => Open(pictures, size),
            MorphologyOperation.Close => Close(pictures, size),
            MorphologyOperation.Gradient => Dilate(pictures, size) - Erode(pictures, size),
            MorphologyOperation.BottomHat => Close(pictures, size) - pictures,
            _ => pictures - Open(pictures, size),
        };
        return result.Permute(0, 2, 3, 1);
    }

    private static Tensor Open(Tensor pictures, int size) => Dilate(Erode(pictures, size), size);

    private static Tensor Close(Tensor pictures, int size) => Erode(Dilate(pictures, size), size);

    private static Tensor Erode(Tensor pictures, int size) => -Dilate(-pictures, size);

    // One direction after the other: a square's largest value is the largest of its rows' largest.
    private static Tensor Dilate(Tensor pictures, int size)
    {
        var (before, after) = (size / 2, size - (size / 2) - 1);
        var padded = pictures.Pad([before, after, before, after], double.NegativeInfinity);
        return Largest(Largest(padded, 3, size), 2, size);
    }

    // Windows of doubled width until the wanted one is covered by two of them.
    private static Tensor Largest(Tensor values, int dimension, int size)
    {
        var width = 1;
        var result = values;
        while (width < size)
        {
            var step = Math.Min(width, size - width);
            var length = result.Length(dimension) - step;
            result = result.Slice(dimension, 0, length).Maximum(result.Slice(dimension, step, step + length));
            width += step;
        }

        return result;
    }
}
