using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>Unsharp masking of the directions of channel vectors; their lengths stay.</summary>
/// <param name="radius">Half width of the Gaussian, in latent elements.</param>
/// <param name="sigma">Its spread, where the whole width is 2.</param>
/// <param name="alpha">How much of the blur is taken away, in tenths.</param>
public sealed class LatentSharpening(int radius, double sigma, double alpha) : ILatentOperation
{
    public Tensor Apply(Tensor latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        using var scope = new TensorScope();
        var channels = latent.Length(1);
        var length = latent.Norm([1], keepDimensions: true) + 1e-6;
        var padded = (latent / length).Pad([radius, radius, radius, radius], "reflect");
        var kernel = Kernel().To(latent.Device, latent.DType).Expand(channels, 1, -1, -1);
        return scope.Keep(length * Functional.Conv2d(padded, kernel, groups: channels));
    }

    private Tensor Kernel()
    {
        var size = 2 * radius + 1;
        var line = Tensor.Linspace(-1, 1, size);
        var squares = line.Pow(2);
        var distance = (squares.Unsqueeze(1) + squares.Unsqueeze(0)).Sqrt();
        var gaussian = (distance * distance / (-2.0 * sigma * sigma)).Exp();
        var kernel = gaussian / gaussian.Sum() * (alpha * -10);
        var centre = kernel.Slice(0, radius, radius + 1).Slice(1, radius, radius + 1);
        centre.AddInPlace(1.0 - kernel.Sum());
        return kernel;
    }
}
