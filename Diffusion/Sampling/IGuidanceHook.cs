using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Works on the result of guidance.</summary>
public interface IGuidanceHook
{
    /// <summary>Whether the negative prediction is wanted even where a scale of 1 would skip it.</summary>
    bool NeedsNegative => false;

    /// <summary>The guided denoised latent that takes the place of <see cref="GuidanceStep.Guided"/>.</summary>
    Tensor Apply(in GuidanceStep step);
}
