using NodeHost.Diffusion.Networks.Upscaling;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A network that enlarges pictures, in a file.</summary>
public sealed class UpscalerPart(IWeightSource source, string prefix) : ModelPart(ModelRole.Upscaler, source, prefix)
{
    /// <summary>Pixels along each side for one.</summary>
    public required int Scale { get; init; }

    public required Func<Weights, IUpscaleNetwork> Network { get; init; }

    internal override object Build(Weights w) => Network(w);
}
