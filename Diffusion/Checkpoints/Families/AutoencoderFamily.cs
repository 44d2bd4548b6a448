using NodeHost.Diffusion.Networks.Autoencoder;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>Autoencoders of Stable Diffusion and Flux, alone or in a checkpoint; with latent diffusion's names or diffusers'.</summary>
internal sealed class AutoencoderFamily : IModelFamily
{
    private static readonly string[] Prefixes = ["first_stage_model.", "vae.", ""];
    private static readonly string[] Markers =
    [
        "decoder.conv_in.weight",
        "encoder.conv_in.weight",
        "decoder.mid.attn_1.q.weight",
        "encoder.down.0.block.0.conv1.weight",
    ];

    public string Name => "AutoencoderKL";

    public ModelPart? Recognise(IWeightSource source)
    {
        if (KeyPrefix.Find(source, Prefixes, Markers) is { } prefix)
        {
            return Match(source, prefix);
        }
        return KeyPrefix.Find(source, Prefixes, AutoencoderDiffusersLayout.Markers) is { } diffusersPrefix
            ? Match(AutoencoderDiffusersLayout.Over(source, diffusersPrefix), "")
            : null;
    }

    private AutoencoderPart Match(IWeightSource source, string prefix)
    {
        using var weights = new WeightSet(source, prefix: prefix);
        var config = AutoencoderConfig.From(weights.Root);
        return new AutoencoderPart(source, prefix)
        {
            Family = Name,
            Variant = $"{config.LatentChannels} channels",
            Config = config,
        };
    }
}
