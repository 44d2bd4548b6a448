using NodeHost.Diffusion.Attention;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>One guided prediction; tensors are denoised latents [B, C, H, W].</summary>
/// <param name="X">The noisy latent.</param>
/// <param name="Sigma">Its noise level.</param>
/// <param name="Positive">Denoised under the positive conditioning.</param>
/// <param name="Negative">Denoised under the negative one; equals <paramref name="Positive"/> where it was skipped.</param>
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
    /// <summary>Denoised again under the positive conditioning, with a further hook in its attention layers; costs a forward pass.</summary>
    public Func<IAttentionHook, Tensor>? PredictPositiveWith { get; init; }
}
