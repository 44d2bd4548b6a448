using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Blocks;

/// <summary>Leaves out whole transformer blocks (Flux): what goes in comes out.</summary>
public interface ISkippingHook : IBlockHook
{
    /// <summary>Whether a block is left out for a part of the batch.</summary>
    /// <param name="site">The block.</param>
    /// <param name="part">0 = positive conditioning, 1 = negative.</param>
    /// <param name="step">Where in the run the pass stands.</param>
    bool Skips(AttentionSite site, int part, ForwardStep step);
}
