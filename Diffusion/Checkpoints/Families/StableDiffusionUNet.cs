using NodeHost.Diffusion.Networks.UNet;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>What checkpoints of all Stable Diffusion UNets share.</summary>
/// <param name="Source">The file, under latent diffusion's names.</param>
/// <param name="Prefix">What it puts before them.</param>
/// <param name="Config">The UNet's numbers.</param>
internal sealed record StableDiffusionUNet(IWeightSource Source, string Prefix, UNetConfig Config)
{
    /// <summary>Input channels of the plain network; of one that sees a masked picture too; of one that sees a picture.</summary>
    public const long PlainChannels = 4;
    public const long InpaintingChannels = 9;
    public const long PictureChannels = 8;

    private static readonly string[] Prefixes = ["model.diffusion_model.", "diffusion_model.", ""];
    private static readonly string[] Markers =
    [
        "input_blocks.0.0.weight",
        "time_embed.0.weight",
        "middle_block.0.in_layers.0.weight",
        "out.2.weight",
    ];

    private static readonly string[] DiffusersPrefixes = ["", "unet.", "model.diffusion_model."];

    /// <summary>What the extra input channels are for; null for a number that no model has.</summary>
    public string? Variant =>
        Config.InputChannels switch
        {
            PlainChannels => "",
            InpaintingChannels => "inpainting",
            PictureChannels => "instruct-pix2pix",
            _ => null,
        };

    /// <summary>The UNet in a file; null when there is none.</summary>
    public static StableDiffusionUNet? Find(IWeightSource source)
    {
        if (KeyPrefix.Find(source, Prefixes, Markers) is { } prefix)
        {
            return Read(source, prefix);
        }
        return KeyPrefix.Find(source, DiffusersPrefixes, UNetDiffusersLayout.Markers) is { } diffusersPrefix
            ? Read(UNetDiffusersLayout.Over(source, diffusersPrefix), "")
            : null;
    }

    /// <summary>What to call the UNet in a file that no family has taken; null when there is none.</summary>
    public static string? NameOf(IWeightSource source) =>
        Find(source) is { Config: var config }
            ? $"a Stable Diffusion UNet of {config.InputChannels} input channels, text of {config.ContextWidth} and vector of "
                + $"{config.VectorWidth} numbers"
            : null;

    private static StableDiffusionUNet Read(IWeightSource source, string prefix)
    {
        using var weights = new WeightSet(source, prefix: prefix);
        return new(source, prefix, UNetConfig.From(weights.Root));
    }
}
