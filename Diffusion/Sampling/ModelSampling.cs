using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling;

/// <summary>A model's noise levels, and the arithmetic between its prediction and the denoised latent.</summary>
/// <param name="prediction">What the network predicts.</param>
public abstract class ModelSampling(IPrediction prediction)
{
    /// <summary>What the network predicts.</summary>
    public IPrediction Prediction { get; } = prediction;

    /// <summary>The table of noise levels, ascending, in float32 as the reference holds it.</summary>
    public abstract IReadOnlyList<float> Sigmas { get; }

    public double SigmaMin => Sigmas[0];

    public double SigmaMax => Sigmas[^1];

    /// <summary>Whether latent and noise are mixed as <c>(1 - sigma) * latent + sigma * noise</c> (rectified flow).</summary>
    public bool IsFlow => Prediction is FlowPrediction;

    /// <summary>Time as the network takes it for a noise level (an index for SD1.5, sigma for Flux).</summary>
    public abstract double Timestep(double sigma);

    /// <summary>Noise level of a (fractional) time, the inverse of <see cref="Timestep"/>.</summary>
    public abstract double Sigma(double timestep);

    /// <summary>Noise level at a fraction of the run: 0 = start (most noise), 1 = end.</summary>
    public abstract double PercentToSigma(double percent);

    /// <summary>Scales the noisy latent for the network.</summary>
    /// <param name="x">Noisy latent [B, ...].</param>
    /// <param name="sigma">Noise level, [B] or a scalar tensor.</param>
    public Tensor CalculateInput(Tensor x, Tensor sigma) => Prediction.CalculateInput(x, Broadcast(sigma, x));

    /// <summary>Turns the network's prediction into the denoised latent.</summary>
    public Tensor CalculateDenoised(Tensor x, Tensor prediction, Tensor sigma) =>
        Prediction.CalculateDenoised(x, prediction, Broadcast(sigma, x));

    /// <summary>The noisy latent that sampling starts from.</summary>
    /// <param name="sigma">First noise level.</param>
    /// <param name="noise">Standard normal noise.</param>
    /// <param name="latent">What it is added to.</param>
    /// <param name="maxDenoise">Whether the run starts at the model's highest noise level.</param>
    public Tensor NoiseScaling(double sigma, Tensor noise, Tensor latent, bool maxDenoise = false) =>
        Prediction.NoiseScaling(sigma, noise, latent, maxDenoise);

    /// <summary>What <see cref="NoiseScaling"/> leaves to undo at the end of sampling.</summary>
    public Tensor InverseNoiseScaling(double sigma, Tensor latent) => Prediction.InverseNoiseScaling(sigma, latent);

    /// <summary>Whether a run that starts at this noise level starts from pure noise.</summary>
    public bool IsMaxDenoise(double sigma) =>
        sigma > SigmaMax || Math.Abs(sigma - SigmaMax) <= 1e-5 * Math.Max(Math.Abs(sigma), Math.Abs(SigmaMax));

    private static Tensor Broadcast(Tensor sigma, Tensor x)
    {
        if (sigma.Rank == 0)
        {
            return sigma;
        }
        var shape = new long[x.Rank];
        Array.Fill(shape, 1);
        shape[0] = sigma.Length(0);
        return sigma.Reshape(shape);
    }
}
