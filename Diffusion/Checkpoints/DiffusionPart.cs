using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A denoising network in a file.</summary>
public sealed class DiffusionPart(IWeightSource source, string prefix) : ModelPart(ModelRole.Diffusion, source, prefix)
{
    public required LatentFormat LatentFormat { get; init; }

    /// <summary>How sizes join the pooled text (SDXL); null = they do not.</summary>
    public SizeConditioning? Sizes { get; init; }

    /// <summary>Noise levels and parameterisation the family was trained with.</summary>
    public required Func<ModelSampling> Sampling { get; init; }

    public required Func<Weights, IDiffusionNetwork> Network { get; init; }

    /// <summary>The half-precision types the family may compute in, the best first.</summary>
    public IReadOnlyList<DType> HalfTypes { get; init; } = [DType.Float16, DType.BFloat16];

    internal override IReadOnlyList<DType> ComputeTypes => [.. HalfTypes, DType.Float32];

    /// <summary>The same network with its weights rounded to float8.</summary>
    internal DiffusionPart RoundedTo(DType format) =>
        new(new RoundedSource(Source, format), Prefix)
        {
            Family = Family,
            Variant = Variant,
            LatentFormat = LatentFormat,
            Sizes = Sizes,
            Sampling = Sampling,
            Network = Network,
            HalfTypes = HalfTypes,
        };

    internal override object Build(Weights w) => Network(w);
}
