using NodeHost.Diffusion.Attention;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>The attention layers that an edit acts at: Flux's joint attention, a UNet's self-attention.</summary>
/// <param name="DoubleBlocksOnly">Whether Flux's single blocks are left alone.</param>
public sealed record EditSites(bool DoubleBlocksOnly = false)
{
    private const string Joint = "joint";
    private const string SelfAttention = "attn1";

    /// <summary>What they are called in messages.</summary>
    public string Description =>
        DoubleBlocksOnly ? "double blocks (double_blocks_only is on)" : "attention layers of Flux or a UNet";

    public bool Includes(AttentionSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return DoubleBlocksOnly ? site.Block == "double" : site.Layer is Joint or SelfAttention;
    }

    /// <summary>Whether no layer behind this one belongs to the edit, as far as can be told from it alone.</summary>
    public bool IsLast(AttentionSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.BlockIndex == site.TotalBlocks - 1 && site.Block == (DoubleBlocksOnly ? "double" : "single");
    }
}
