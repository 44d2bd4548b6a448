using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>Compresses the lengths of channel vectors, so that strong guidance does not burn out.</summary>
/// <remarks>Curve: "Photographic Tone Reproduction for Digital Images", Reinhard et al. 2002: l / (l + 1).</remarks>
/// <param name="multiplier">Where the curve bends, as a factor of the mean plus five standard deviations.</param>
public sealed class ReinhardTonemap(double multiplier) : ILatentOperation
{
    public Tensor Apply(Tensor latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        using var scope = new TensorScope();
        var length = latent.Norm([1], keepDimensions: true) + 1e-10;
        var direction = latent / length;
        var top =
            (length.Std([1, 2, 3], keepDimensions: true) * 5 + length.Mean([1, 2, 3], keepDimensions: true))
            * multiplier;
        var relative = length * (1.0 / top);
        return scope.Keep(direction * (relative / (relative + 1) * top));
    }
}
