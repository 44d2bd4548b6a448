using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary>Convolution of [B, inputs, H, W] with a square kernel.</summary>
internal sealed class Conv2d(Weights w, long inputs, long outputs, long kernel, long stride = 1, long padding = 0)
{
    private readonly Tensor _weight = w.Tensor("weight", outputs, inputs, kernel, kernel);
    private readonly Tensor _bias = w.Tensor("bias", outputs);

    public Tensor Forward(Tensor x) => Functional.Conv2d(x, _weight.As(x), _bias.As(x), stride, padding);
}
