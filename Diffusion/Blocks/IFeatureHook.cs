using NodeHost.Tensors;

namespace NodeHost.Diffusion.Blocks;

/// <summary>Changes the feature maps [B, C, H, W] between a UNet's blocks.</summary>
public interface IFeatureHook : IBlockHook
{
    /// <summary>What a block on the way down gives, to the skip connection and to the next block.</summary>
    Tensor OnInput(in FeatureCall call, Tensor hidden) => hidden;

    /// <summary>What a block on the way down gives to the next block; the skip connection has the map as it was.</summary>
    Tensor BehindSkip(in FeatureCall call, Tensor hidden) => hidden;

    /// <summary>The map and the skip connection that a block on the way up is about to join.</summary>
    (Tensor Hidden, Tensor Skip) OnJoin(in FeatureCall call, Tensor hidden, Tensor skip) => (hidden, skip);
}
