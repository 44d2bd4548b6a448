using NodeHost.Diffusion.Conditions;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Takes the place of classifier-free guidance. A model has one; whoever sets another replaces it.</summary>
public interface IGuidanceRule
{
    /// <summary>Whether the negative prediction is wanted even where a scale of 1 would skip it.</summary>
    bool NeedsNegative => false;

    /// <summary>Conditionings of its own that it predicts under.</summary>
    IReadOnlyList<Conditioning> Conditionings => [];

    /// <summary>The guided denoised latent.</summary>
    Tensor Combine(in GuidanceStep step);
}
