using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary>A map of each token's channels, stored as a linear layer or as a 1x1 convolution.</summary>
internal sealed class ChannelProjection(Weights w, long channels, bool isLinear)
{
    private readonly Tensor _weight = isLinear
        ? w.Tensor("weight", channels, channels)
        : w.Own(w.Tensor("weight", channels, channels, 1, 1).Reshape(channels, channels));
    private readonly Tensor _bias = w.Tensor("bias", channels);

    /// <summary>x [B, tokens, channels] to the same shape.</summary>
    public Tensor Forward(Tensor x) => Functional.Linear(x, _weight.As(x), _bias.As(x));
}
