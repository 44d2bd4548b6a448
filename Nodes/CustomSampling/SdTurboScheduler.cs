using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>The noise levels that SD-Turbo was distilled for.</summary>
[Node(
    "SDTurboScheduler",
    Category = "sampling/custom_sampling/schedulers",
    Module = "comfy_extras.nodes_custom_sampler"
)]
public sealed class SdTurboScheduler : INode<Sigmas>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(1, 10)]
    public int Steps { get; init; } = 1;

    [Number(0.0, 1.0, Step = 0.01)]
    public double Denoise { get; init; } = 1.0;

    public Sigmas Execute(NodeContext context)
    {
        var first = TrainedSteps - (int)(TrainedSteps * Denoise);
        var sigmas = Enumerable
            .Range(first, Math.Max(0, Math.Min(Steps, TrainedSteps - first)))
            .Select(step => (float)Model.Sampling.Sigma(((TrainedSteps - step) * TimesPerStep) - 1));
        return new Sigmas([.. sigmas, 0]);
    }

    private const int TrainedSteps = 10;
    private const int TimesPerStep = 100;
}
