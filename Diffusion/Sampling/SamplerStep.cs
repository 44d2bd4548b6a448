using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Progress of a run; the tensors live as long as the callback runs.</summary>
/// <param name="Index">Step, from 0.</param>
/// <param name="Count">Number of steps planned.</param>
/// <param name="Sigma">Noise level the step started from.</param>
/// <param name="Denoised">Prediction of the result.</param>
/// <param name="X">The noisy latent.</param>
public readonly record struct SamplerStep(int Index, int Count, float Sigma, Tensor Denoised, Tensor X);
