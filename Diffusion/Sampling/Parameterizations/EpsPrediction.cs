using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>The network predicts the noise (SD1.5).</summary>
public sealed class EpsPrediction(double sigmaData = 1) : VarianceExploding(sigmaData)
{
    public override Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma) => x - (output * sigma);
}
