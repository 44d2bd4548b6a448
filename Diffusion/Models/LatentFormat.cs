using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>How a family's latents are scaled between the autoencoder and the network.</summary>
/// <param name="Channels">Latent channels.</param>
/// <param name="Scale">Factor towards the network.</param>
/// <param name="Shift">Subtracted before scaling.</param>
public sealed record LatentFormat(int Channels, double Scale, double Shift = 0)
{
    public static LatentFormat Sd15 { get; } = new(4, 0.18215);

    public static LatentFormat Sdxl { get; } = new(4, 0.13025);

    public static LatentFormat Flux { get; } = new(16, 0.3611, 0.1159);

    /// <summary>From the autoencoder's scale to the network's.</summary>
    public Tensor ProcessIn(Tensor latent) => Shift == 0 ? latent * Scale : (latent - Shift) * Scale;

    /// <summary>From the network's scale to the autoencoder's.</summary>
    public Tensor ProcessOut(Tensor latent) => Shift == 0 ? latent / Scale : latent / Scale + Shift;
}
