using NodeHost.Tensors;

namespace NodeHost.Images.Operations;

/// <summary>Blurring and sharpening with a Gaussian whose deviation counts in kernel radii.</summary>
public static class GaussianFilter
{
    /// <param name="images">[B, H, W, C].</param>
    /// <param name="radius">The kernel has 2 x radius + 1 pixels a side.</param>
    /// <param name="sigma">Deviation, where the edge of the kernel is at 1.</param>
    public static Tensor Blur(Tensor images, int radius, double sigma) =>
        radius == 0 ? images : Convolve(images, Kernel(radius, sigma), radius);

    /// <summary>Takes <paramref name="alpha"/> x 10 blurs away from the picture, which is strengthened to make up for it.</summary>
    public static Tensor Sharpen(Tensor images, int radius, double sigma, double alpha)
    {
        if (radius == 0)
        {
            return images;
        }

        var kernel = Kernel(radius, sigma) * -(alpha * 10);
        var centre = kernel.Select(0, radius).Select(0, radius);
        centre.Assign(centre - kernel.Sum() + 1.0);
        return Convolve(images, kernel, radius).Clamp(0, 1);
    }

    private static Tensor Kernel(int radius, double sigma)
    {
        var size = (2 * radius) + 1;
        var positions = Tensor.Linspace(-1, 1, size);
        var rows = positions.Unsqueeze(1);
        var distance = ((rows * rows) + (positions * positions)).Sqrt();
        var bell = (-(distance * distance) / (2.0 * sigma * sigma)).Exp();
        return bell / bell.Sum();
    }

    private static Tensor Convolve(Tensor images, Tensor kernel, int radius)
    {
        if (radius >= images.Length(1) || radius >= images.Length(2))
        {
            throw new ImageException(
                $"Gaussian filter: expected a radius smaller than the picture, given {radius} for {images}. "
                    + "Choose a smaller radius or a larger picture."
            );
        }

        var channels = images.Length(3);
        var kernels = kernel.Repeat(channels, 1, 1).Unsqueeze(1); // [C, 1, size, size]
        var padded = images.Permute(0, 3, 1, 2).Pad([radius, radius, radius, radius], "reflect");
        return Functional.Conv2d(padded, kernels, groups: channels).Permute(0, 2, 3, 1);
    }
}
