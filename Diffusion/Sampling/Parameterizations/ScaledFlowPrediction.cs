using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>
/// Rectified flow over <c>latent + sigma * noise</c> (Cosmos): divided by <c>1 + sigma</c> that is the flow's mix at the time
/// <c>sigma / (1 + sigma)</c>, of which the network predicts noise - latent.
/// </summary>
public sealed class ScaledFlowPrediction : IPrediction
{
    public Tensor CalculateInput(Tensor x, Tensor sigma) => x / (sigma + 1);

    public Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma) => (x - (output * sigma)) / (sigma + 1);

    public Tensor NoiseScaling(double sigma, Tensor noise, Tensor latent, bool maxDenoise) => (noise * sigma) + latent;

    public Tensor InverseNoiseScaling(double sigma, Tensor latent) => latent;
}
