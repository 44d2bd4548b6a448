using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>The network is preconditioned as in EDM, https://arxiv.org/abs/2206.00364: v with the other sign.</summary>
public sealed class EdmPrediction(double sigmaData = 1) : VarianceExploding(sigmaData)
{
    public override Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma) =>
        Skip(x, sigma) + (output * sigma * SigmaData / Scale(sigma));
}
