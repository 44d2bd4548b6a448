using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Upscaling;

/// <summary>A network that enlarges pictures by a whole factor.</summary>
public interface IUpscaleNetwork
{
    /// <summary>Where the weights are, and the type it computes in.</summary>
    ComputePlace Place { get; }

    /// <summary>[B, 3, H, W], about 0..1, to [B, 3, H * scale, W * scale].</summary>
    Tensor Forward(Tensor pictures);
}
