using NodeHost.Tensors;

namespace NodeHost.Diffusion.Latents;

/// <summary>The value of a LATENT_OPERATION socket: a change to a latent that can also work within sampling.</summary>
public interface ILatentOperation
{
    /// <summary>The changed latent, of the same shape [B, C, H, W].</summary>
    Tensor Apply(Tensor latent);
}
