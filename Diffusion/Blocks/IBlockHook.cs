namespace NodeHost.Diffusion.Blocks;

/// <summary>
/// Changes how a network runs its blocks; one or more of <see cref="ISkippingHook"/>, <see cref="IFeatureHook"/> and
/// <see cref="IAttentionLayerHook"/>. Networks without such a place pass it by.
/// </summary>
public interface IBlockHook;
