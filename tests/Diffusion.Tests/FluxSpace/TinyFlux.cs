using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.Flux;
using NodeHost.Diffusion.Sampling;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>A Flux with two double and three single blocks.</summary>
internal sealed class TinyFlux()
    : TinyModel(
        RandomWeights.Lively(FluxWeights.Shapes(Config)),
        weights => new FluxModel(weights, Config),
        new FluxModelSampling(),
        LatentFormat.Flux,
        (Config.ContextWidth, Config.VectorWidth)
    )
{
    public const int Sites = 5;

    public const int TextTokens = TextLength;

    public static FluxConfig Config { get; } = FluxConfig.Tiny with { DoubleBlocks = 2, SingleBlocks = 3 };

    public override string Name => "tiny flux";

    public override IReadOnlyList<WeightTarget> Targets => [new(ModelRole.Diffusion, "Flux", Source.Entries)];

    protected override (long Height, long Width) LatentSize => (4, 6);
}
