using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Noise levels of a continuous variance-preserving process.</summary>
[Node("VPScheduler", Category = "sampling/custom_sampling/schedulers", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class VpScheduler : INode<Sigmas>
{
    [Number(1, 10000)]
    public int Steps { get; init; } = 20;

    [Number(0.0, 5000.0, Step = 0.01, NoRound = true)]
    public double BetaD { get; init; } = 19.9;

    [Number(0.0, 5000.0, Step = 0.01, NoRound = true)]
    public double BetaMin { get; init; } = 0.1;

    [Number(0.0, 1.0, Step = 0.0001, NoRound = true)]
    public double EpsS { get; init; } = 0.001;

    public Sigmas Execute(NodeContext context) => new(VariancePreservingSchedule.Compute(Steps, BetaD, BetaMin, EpsS));
}
