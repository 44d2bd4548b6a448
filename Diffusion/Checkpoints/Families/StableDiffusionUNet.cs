using NodeHost.Diffusion.Networks.UNet;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>What checkpoints of all Stable Diffusion UNets share.</summary>
internal static class StableDiffusionUNet
{
    private static readonly string[] Prefixes = ["model.diffusion_model.", ""];
    private static readonly string[] Markers =
    [
        "input_blocks.0.0.weight",
        "time_embed.0.weight",
        "middle_block.0.in_layers.0.weight",
        "out.2.weight",
    ];

    /// <summary>The prefix and numbers of the UNet in a file; null when there is none.</summary>
    public static (string Prefix, UNetConfig Config)? Find(IWeightSource source)
    {
        if (KeyPrefix.Find(source, Prefixes, Markers) is not { } prefix)
        {
            return null;
        }
        using var weights = new WeightSet(source, prefix: prefix);
        return (prefix, UNetConfig.From(weights.Root));
    }

    /// <summary>What to call the UNet in a file that no family has taken; null when there is none.</summary>
    public static string? NameOf(IWeightSource source) =>
        Find(source)?.Config switch
        {
            null => null,
            { VectorWidth: > 0 } => "Stable Diffusion XL",
            { LinearProjections: true } => "Stable Diffusion 2",
            { InputChannels: var channels } => $"a Stable Diffusion UNet of {channels} input channels (not 4 or 9)",
        };
}
