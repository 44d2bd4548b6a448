using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary>Normalises the last dimension.</summary>
internal sealed class LayerNorm(Weights w, long width, double epsilon = 1e-5)
{
    private readonly Weight _weight = w.Tensor("weight", width);
    private readonly Weight _bias = w.Tensor("bias", width);

    public Tensor Forward(Tensor x) => Functional.LayerNorm(x, _weight.As(x), _bias.As(x), epsilon);
}
