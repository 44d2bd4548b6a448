using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>
/// Predictions over <c>latent + sigma * noise</c>, preconditioned as in Karras et al. (2022),
/// https://arxiv.org/abs/2206.00364, table 1.
/// </summary>
/// <param name="sigmaData">Standard deviation of clean latents.</param>
public abstract class VarianceExploding(double sigmaData) : IPrediction
{
    /// <summary>Standard deviation of clean latents.</summary>
    public double SigmaData { get; } = sigmaData;

    public virtual Tensor CalculateInput(Tensor x, Tensor sigma) => x / Scale(sigma);

    public abstract Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma);

    public Tensor NoiseScaling(double sigma, Tensor noise, Tensor latent, bool maxDenoise)
    {
        var single = (float)sigma;
        // A run from pure noise starts where the forward process of the training has brought the latents.
        var factor = maxDenoise ? MathF.Sqrt(1f + single * single) : single;
        return (noise * factor) + latent;
    }

    public Tensor InverseNoiseScaling(double sigma, Tensor latent) => latent;

    /// <summary><c>sqrt(sigma^2 + sigma_data^2)</c>.</summary>
    protected Tensor Scale(Tensor sigma) => (sigma.Pow(2) + (SigmaData * SigmaData)).Sqrt();

    /// <summary><c>x * sigma_data^2 / (sigma^2 + sigma_data^2)</c>, the part of the noisy latent that is kept.</summary>
    protected Tensor Skip(Tensor x, Tensor sigma) =>
        x * (SigmaData * SigmaData) / (sigma.Pow(2) + (SigmaData * SigmaData));
}
