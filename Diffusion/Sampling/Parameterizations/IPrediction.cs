using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>What a network predicts, and how noise and latent are mixed for it.</summary>
public interface IPrediction
{
    /// <summary>Scales the noisy latent for the network; sigma broadcasts against it.</summary>
    Tensor CalculateInput(Tensor x, Tensor sigma);

    /// <summary>The denoised latent behind the network's output.</summary>
    Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma);

    /// <summary>The noisy latent at a noise level.</summary>
    Tensor NoiseScaling(double sigma, Tensor noise, Tensor latent, bool maxDenoise);

    /// <summary>Undoes what <see cref="NoiseScaling"/> did to the latent.</summary>
    Tensor InverseNoiseScaling(double sigma, Tensor latent);
}
