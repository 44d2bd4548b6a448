using NodeHost.Tensors;

namespace NodeHost.Diffusion.Blocks;

/// <summary>Stands around the attention layers of a UNet.</summary>
public interface IAttentionLayerHook : IBlockHook
{
    /// <summary>What takes the place of the layer's output [B, tokens, C].</summary>
    /// <param name="call">The layer and what goes into it.</param>
    /// <param name="attend">
    /// The layer, for other tokens and another context; a context of null is the tokens themselves (self-attention).
    /// </param>
    Tensor Attend(in AttentionLayerCall call, Func<Tensor, Tensor?, Tensor> attend);
}
