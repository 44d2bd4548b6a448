using NodeHost.Diffusion.Networks.Upscaling;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>Real-ESRGAN's compact networks (animevideo, general-x4v3).</summary>
internal sealed class CompactUpscalerFamily : IModelFamily
{
    private static readonly string[] Markers = ["body.0.weight", "body.0.bias", "body.2.weight", "body.2.bias"];

    public string Name => "Real-ESRGAN (compact)";

    public ModelPart? Recognise(IWeightSource source)
    {
        var isChain = source.Entries.Keys.All(key => key.StartsWith("body.", StringComparison.Ordinal));
        if (!isChain || KeyPrefix.Find(source, [""], Markers) is null)
        {
            return null;
        }
        using var weights = new WeightSet(source);
        var config = CompactConfig.From(weights.Root);
        return new UpscalerPart(source, "")
        {
            Family = Name,
            Variant = $"x{config.Scale}",
            Scale = config.Scale,
            Network = w => new CompactNetwork(w, config),
        };
    }
}
