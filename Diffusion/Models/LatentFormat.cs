using NodeHost.Diffusion.Latents;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Models;

/// <summary>How a family's latents are scaled between the autoencoder and the network.</summary>
/// <param name="Channels">Latent channels.</param>
/// <param name="Scale">Factor towards the network.</param>
/// <param name="Shift">Subtracted before scaling.</param>
public sealed record LatentFormat(int Channels, double Scale, double Shift = 0)
{
    public static LatentFormat Sd15 { get; } =
        new(4, 0.18215) { Colours = LatentColours.Sd15, TinyDecoderName = "taesd_decoder" };

    public static LatentFormat Sdxl { get; } =
        new(4, 0.13025) { Colours = LatentColours.Sdxl, TinyDecoderName = "taesdxl_decoder" };

    public static LatentFormat Flux { get; } =
        new(16, 0.3611, 0.1159) { Colours = LatentColours.Flux, TinyDecoderName = "taef1_decoder" };

    /// <summary>Colours of the channels, for previews.</summary>
    public LatentColours? Colours { get; init; }

    /// <summary>File name, without extension, of the tiny decoder that gives better previews.</summary>
    public string? TinyDecoderName { get; init; }

    /// <summary>
    /// Whether a picture that the network sees beside the latent is scaled like it; InstructPix2Pix models of SD1.5 and
    /// diffusers' were trained on latents as the autoencoder gives them.
    /// </summary>
    public bool ScalesPictures { get; init; } = Shift != 0;

    /// <summary>From the autoencoder's scale to the network's.</summary>
    public Tensor ProcessIn(Tensor latent) => Shift == 0 ? latent * Scale : (latent - Shift) * Scale;

    /// <summary>From the network's scale to the autoencoder's.</summary>
    public Tensor ProcessOut(Tensor latent) => Shift == 0 ? latent / Scale : latent / Scale + Shift;
}
