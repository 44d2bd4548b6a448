using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>One guided prediction; tensors are denoised latents [B, C, H, W].</summary>
/// <param name="X">The noisy latent.</param>
/// <param name="Sigma">Its noise level.</param>
/// <param name="Positive">Denoised under the positive conditioning.</param>
/// <param name="Negative">Denoised under the negative one; the same tensor as <paramref name="Positive"/> where it was skipped.</param>
/// <param name="Guided">What guidance (and the hooks before) made of them.</param>
/// <param name="Scale">The CFG scale.</param>
public readonly record struct GuidanceStep(
    Tensor X,
    double Sigma,
    Tensor Positive,
    Tensor Negative,
    Tensor Guided,
    double Scale
)
{
    /// <summary>Dimensions of one sample: what a scalar product of two predictions goes over.</summary>
    internal static ReadOnlySpan<long> Sample => [1, 2, 3];

    /// <summary>Whether there are two predictions, so that there is guidance.</summary>
    public bool HasNegative => !ReferenceEquals(Positive, Negative);

    /// <summary>The run and the means to predict again; null outside a run.</summary>
    public GuidanceRun? Run { get; init; }
}
