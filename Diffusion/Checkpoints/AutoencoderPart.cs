using NodeHost.Diffusion.Networks.Autoencoder;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>An autoencoder in a file.</summary>
public sealed class AutoencoderPart(IWeightSource source, string prefix)
    : ModelPart(ModelRole.Autoencoder, source, prefix)
{
    public required AutoencoderConfig Config { get; init; }

    internal override IReadOnlyList<DType> ComputeTypes => [DType.BFloat16, DType.Float32];

    internal override object Build(Weights w) => new AutoencoderModel(w, Config);
}
