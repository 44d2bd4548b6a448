using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>The network predicts the denoised latent itself.</summary>
public sealed class X0Prediction(double sigmaData = 1) : VarianceExploding(sigmaData)
{
    public override Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma) => output.Alias();
}
