using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Networks.UNet;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Parameterizations;
using NodeHost.Tests.Diffusion.Networks;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>SD1.5's UNet at 32 channels, with one block to a level.</summary>
internal sealed class TinyUNet()
    : TinyModel(
        Tame(RandomWeights.Lively(UNetWeights.Shapes(Config))),
        weights => new UNetModel(weights, Config),
        new DiscreteModelSampling(new EpsPrediction()),
        LatentFormat.Sd15,
        (Config.ContextWidth, null)
    )
{
    public static UNetConfig Config { get; } = UNetConfig.Tiny with { ResBlocks = [1, 1, 1, 1] };

    public override string Name => "tiny unet";

    public override IReadOnlyList<WeightTarget> Targets => [new(ModelRole.Diffusion, "UNet", Source.Entries)];

    protected override (long Height, long Width) LatentSize => (8, 8);

    // A trained network follows the noise; one of random numbers would blow rounding up from step to step.
    private static RandomWeights Tame(RandomWeights weights)
    {
        weights.Tensors["out.2.weight"].MultiplyInPlace(0.2);
        return weights;
    }
}
