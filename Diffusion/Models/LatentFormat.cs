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

    /// <summary>SDXL's autoencoder as Playground v2.5 was trained with it: each channel brought to mean 0 and deviation 0.5.</summary>
    /// <remarks>https://huggingface.co/playgroundai/playground-v2.5-1024px-aesthetic/blob/main/vae/config.json</remarks>
    public static LatentFormat Playground { get; } =
        new(4, 0.5)
        {
            Means = [-1.6574f, 1.886f, -1.383f, 2.5155f],
            Deviations = [8.4927f, 5.9022f, 6.5498f, 5.2299f],
            TinyDecoderName = "taesdxl_decoder",
        };

    /// <summary>Means of the channels, taken off before they are scaled; none where the shift says it all.</summary>
    public IReadOnlyList<float> Means { get; init; } = [];

    /// <summary>Deviations of the channels, divided by before they are scaled; as many as <see cref="Means"/>.</summary>
    public IReadOnlyList<float> Deviations { get; init; } = [];

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
    public Tensor ProcessIn(Tensor latent) =>
        Means.Count > 0 ? (latent - Channelwise(Means, latent)) * Scale / Channelwise(Deviations, latent)
        : Shift == 0 ? latent * Scale
        : (latent - Shift) * Scale;

    /// <summary>From the network's scale to the autoencoder's.</summary>
    public Tensor ProcessOut(Tensor latent) =>
        Means.Count > 0 ? latent * Channelwise(Deviations, latent) / Scale + Channelwise(Means, latent)
        : Shift == 0 ? latent / Scale
        : latent / Scale + Shift;

    private static Tensor Channelwise(IReadOnlyList<float> values, Tensor latent) =>
        Tensor.From([.. values], 1, values.Count, 1, 1).To(latent.Device, latent.DType);
}
