using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Flux;

/// <summary>A latent cut into patches, one token each, row by row.</summary>
/// <param name="Tokens">[B, rows * columns, C * patch * patch]</param>
/// <param name="Rows">Rows of patches.</param>
/// <param name="Columns">Columns of patches.</param>
/// <param name="Height">Height of the latent, before it was padded to whole patches.</param>
/// <param name="Width">Width of the latent.</param>
internal sealed record LatentPatches(Tensor Tokens, int Rows, int Columns, int Height, int Width)
{
    private const int Patch = FluxConfig.PatchSize;

    public int Count => Rows * Columns;

    /// <summary>A latent [B, C, H, W]; sides that are no multiple of a patch are continued from the other side.</summary>
    public static LatentPatches Of(Tensor latent)
    {
        var (batch, channels, height, width) = (latent.Length(0), latent.Length(1), latent.Length(2), latent.Length(3));
        var (rows, columns) = ((height + Patch - 1) / Patch, (width + Patch - 1) / Patch);
        var (below, right) = (rows * Patch - height, columns * Patch - width);
        var whole = below + right == 0 ? latent : latent.Pad([0, right, 0, below], "circular");
        var tokens = whole
            .Reshape(batch, channels, rows, Patch, columns, Patch)
            .Permute(0, 2, 4, 1, 3, 5)
            .Reshape(batch, rows * columns, channels * Patch * Patch);
        return new(tokens, (int)rows, (int)columns, (int)height, (int)width);
    }

    /// <summary>Tokens of the same patches back to a latent [B, C, H, W].</summary>
    public Tensor ToLatent(Tensor tokens)
    {
        var (batch, channels) = (tokens.Length(0), tokens.Length(2) / (Patch * Patch));
        return tokens
            .Reshape(batch, Rows, Columns, channels, Patch, Patch)
            .Permute(0, 3, 1, 4, 2, 5)
            .Reshape(batch, channels, Rows * Patch, Columns * Patch)
            .Slice(2, 0, Height)
            .Slice(3, 0, Width);
    }
}
