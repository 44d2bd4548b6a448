using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>Rectified flow, https://arxiv.org/abs/2209.03003: the network predicts noise - latent (Flux, SD3).</summary>
public sealed class FlowPrediction : IPrediction
{
    public Tensor CalculateInput(Tensor x, Tensor sigma) => x.Alias();

    public Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma) => x - (output * sigma);

    public Tensor NoiseScaling(double sigma, Tensor noise, Tensor latent, bool maxDenoise) =>
        (noise * sigma) + (latent * (double)(1f - (float)sigma));

    public Tensor InverseNoiseScaling(double sigma, Tensor latent) => latent / (double)(1f - (float)sigma);
}
