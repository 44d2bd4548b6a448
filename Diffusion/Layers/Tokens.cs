using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary>Between a feature map [B, C, H, W] and its positions as tokens [B, H*W, C].</summary>
internal static class Tokens
{
    public static Tensor Of(Tensor map) => map.Reshape(map.Length(0), map.Length(1), -1).Transpose(1, 2).Contiguous();

    public static Tensor ToMap(Tensor tokens, long height, long width) =>
        tokens.Transpose(1, 2).Contiguous().Reshape(tokens.Length(0), tokens.Length(2), height, width);
}
