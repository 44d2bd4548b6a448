using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>A model's noise levels, and the arithmetic between its prediction and the denoised latent.</summary>
public abstract class ModelSampling
{
    /// <summary>The table of noise levels, ascending, in float32 as the reference holds it.</summary>
    public abstract IReadOnlyList<float> Sigmas { get; }

    public double SigmaMin => Sigmas[0];

    public double SigmaMax => Sigmas[^1];

    /// <summary>Time as the network takes it for a noise level (an index for SD1.5, sigma for Flux).</summary>
    public abstract double Timestep(double sigma);

    /// <summary>Noise level of a (fractional) time, the inverse of <see cref="Timestep"/>.</summary>
    public abstract double Sigma(double timestep);

    /// <summary>Noise level at a fraction of the run: 0 = start (most noise), 1 = end.</summary>
    public abstract double PercentToSigma(double percent);

    /// <summary>Scales the noisy latent for the network.</summary>
    public abstract Tensor CalculateInput(Tensor x, Tensor sigma);

    /// <summary>Turns the network's prediction into the denoised latent.</summary>
    public abstract Tensor CalculateDenoised(Tensor x, Tensor prediction, Tensor sigma);

    /// <summary>The noisy latent that sampling starts from.</summary>
    public abstract Tensor NoiseScaling(double sigma, Tensor noise, Tensor latent, bool maxDenoise);

    /// <summary>What <see cref="NoiseScaling"/> leaves to undo at the end of sampling.</summary>
    public abstract Tensor InverseNoiseScaling(double sigma, Tensor latent);
}
