using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>The network predicts v, https://arxiv.org/abs/2202.00512.</summary>
public sealed class VelocityPrediction(double sigmaData = 1) : VarianceExploding(sigmaData)
{
    public override Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma) =>
        Skip(x, sigma) - (output * sigma * SigmaData / Scale(sigma));
}
