using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Blocks;

/// <summary>One attention layer in one forward pass.</summary>
/// <param name="Site">The layer.</param>
/// <param name="Tokens">Normalised tokens of the feature map [B, tokens, C].</param>
/// <param name="Context">Encoded text; null in self-attention.</param>
/// <param name="Height">Height of the latent that the pass works on.</param>
/// <param name="Width">Width of that latent.</param>
/// <param name="Step">Where in the run the pass stands.</param>
public readonly record struct AttentionLayerCall(
    AttentionSite Site,
    Tensor Tokens,
    Tensor? Context,
    long Height,
    long Width,
    ForwardStep Step
)
{
    /// <summary>
    /// How often the map was halved (sides round up) since it had the latent's size, and its sides; null where the tokens
    /// are no such map.
    /// </summary>
    public (int Level, long Height, long Width)? Map()
    {
        var (level, height, width) = (0, Height, Width);
        while (height * width > Tokens.Length(1))
        {
            (level, height, width) = (level + 1, (height + 1) / 2, (width + 1) / 2);
        }
        return height * width == Tokens.Length(1) ? (level, height, width) : null;
    }
}
