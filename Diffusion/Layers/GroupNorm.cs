using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary>Normalises 32 groups of channels of [B, C, H, W].</summary>
internal sealed class GroupNorm(Weights w, long channels, double epsilon)
{
    private const long Groups = 32;

    private readonly Weight _weight = w.Tensor("weight", channels);
    private readonly Weight _bias = w.Tensor("bias", channels);

    public Tensor Forward(Tensor x) => Functional.GroupNorm(x, Groups, _weight.As(x), _bias.As(x), epsilon);
}
