using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>The attention layers that an edit acts at: Flux's joint attention, a UNet's self-attention.</summary>
/// <param name="DoubleBlocksOnly">Whether Flux's single blocks are left alone.</param>
public sealed record EditSites(bool DoubleBlocksOnly = false)
{
    private const string Joint = "joint";
    private const string SelfAttention = "attn1";

    public bool Includes(AttentionSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return DoubleBlocksOnly ? site.Block == "double" : site.Layer is Joint or SelfAttention;
    }

    /// <summary>Whether no layer behind this one belongs to the edit, as far as can be told from it.</summary>
    public bool IsLast(AttentionSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.BlockIndex == site.TotalBlocks - 1 && site.Block == (DoubleBlocksOnly ? "double" : "single");
    }

    /// <summary>What is missing in a network; null where the edit can act.</summary>
    public string? Missing(IDiffusionNetwork network) =>
        DoubleBlocksOnly && network is not FluxModel
            ? $"double_blocks_only asks for the double blocks of Flux, and {network.GetType().Name} has none. Switch it off, or load a Flux model"
            : null;
}
