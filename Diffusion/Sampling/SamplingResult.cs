using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>What a run gives, at the autoencoder's scale.</summary>
/// <param name="Latent">The latent at the last noise level.</param>
/// <param name="Denoised">The last prediction of the result, as a run that stops early has it.</param>
public readonly record struct SamplingResult(Tensor Latent, Tensor Denoised);
