using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Parameterizations;

/// <summary>The network maps an unscaled latent to the result (<c>img_to_img</c>).</summary>
public sealed class ImageToImagePrediction() : VarianceExploding(1)
{
    public override Tensor CalculateInput(Tensor x, Tensor sigma) => x.Alias();

    public override Tensor CalculateDenoised(Tensor x, Tensor output, Tensor sigma) => output.Alias();
}
