using NodeHost.Diffusion.Networks.Upscaling;

namespace NodeHost.Diffusion.Checkpoints.Families;

/// <summary>ESRGAN, Real-ESRGAN and the many networks trained from them, in the old and new naming.</summary>
internal sealed class RrdbFamily : IModelFamily
{
    public string Name => "ESRGAN";

    public ModelPart? Recognise(IWeightSource source)
    {
        if (RrdbNames.Find(source) is not { } named)
        {
            return null;
        }
        using var weights = new WeightSet(named);
        var config = RrdbConfig.From(weights.Root);
        return new UpscalerPart(named, "")
        {
            Family = Name,
            Variant = $"x{config.Scale}",
            Scale = config.Scale,
            Network = w => new RrdbNetwork(w, config),
        };
    }
}
