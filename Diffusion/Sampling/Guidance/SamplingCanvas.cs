using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>The latent a run works on, as far as conditions depend on it.</summary>
/// <param name="Latent">Latent at the network's scale [B, C, H, W].</param>
/// <param name="Mask">Denoise mask in the latent's shape.</param>
/// <param name="Format">The model's latents.</param>
internal sealed record SamplingCanvas(Tensor Latent, Tensor? Mask, LatentFormat Format)
{
    public long Batch => Latent.Length(0);

    public long Height => Latent.Length(-2);

    public long Width => Latent.Length(-1);

    public Device Device => Latent.Device;
}
