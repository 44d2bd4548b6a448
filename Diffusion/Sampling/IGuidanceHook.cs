using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Replaces classifier-free guidance, or works on its result.</summary>
public interface IGuidanceHook
{
    /// <summary>The guided denoised latent that takes the place of <see cref="GuidanceStep.Guided"/>.</summary>
    Tensor Apply(in GuidanceStep step);
}
