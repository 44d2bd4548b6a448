using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Noise levels at polynomial steps of their logarithm between two bounds.</summary>
[Node(
    "PolyexponentialScheduler",
    Category = "sampling/custom_sampling/schedulers",
    Module = "comfy_extras.nodes_custom_sampler"
)]
public sealed class PolyexponentialScheduler : INode<Sigmas>
{
    [Number(1, 10000)]
    public int Steps { get; init; } = 20;

    [Number(0.0, 5000.0, Step = 0.01, NoRound = true)]
    public double SigmaMax { get; init; } = 14.614642;

    [Number(0.0, 5000.0, Step = 0.01, NoRound = true)]
    public double SigmaMin { get; init; } = 0.0291675;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Rho { get; init; } = 1.0;

    public Sigmas Execute(NodeContext context) => new(PolyexponentialSchedule.Compute(Steps, SigmaMin, SigmaMax, Rho));
}
