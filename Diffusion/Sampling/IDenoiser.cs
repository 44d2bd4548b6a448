using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>What a sampler calls: the guided prediction of the denoised latent at a noise level.</summary>
public interface IDenoiser
{
    /// <summary>The model's noise levels and mixing rule.</summary>
    ModelSampling ModelSampling { get; }

    /// <summary>The denoised latent for a noisy one [B, C, H, W].</summary>
    Tensor Denoise(Tensor x, float sigma);

    /// <summary>As <see cref="Denoise"/>, with the prediction under the negative conditioning, which CFG++ samplers follow.</summary>
    GuidedDenoised DenoiseWithNegative(Tensor x, float sigma);
}
