using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Models;

namespace NodeHost.Diffusion.Blocks;

/// <summary>A place between two blocks of a UNet, in one forward pass.</summary>
/// <param name="Site">The block.</param>
/// <param name="ModelChannels">Channels of the network's first level.</param>
/// <param name="Step">Where in the run the pass stands.</param>
public readonly record struct FeatureCall(AttentionSite Site, long ModelChannels, ForwardStep Step);
