using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Noise levels at equal quantiles of a beta distribution of the model's times.</summary>
[Node(
    "BetaSamplingScheduler",
    Category = "sampling/custom_sampling/schedulers",
    Module = "comfy_extras.nodes_custom_sampler"
)]
public sealed class BetaSamplingScheduler : INode<Sigmas>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(1, 10000)]
    public int Steps { get; init; } = 20;

    [Number(0.0, 50.0, Step = 0.01, NoRound = true)]
    public double Alpha { get; init; } = 0.6;

    [Number(0.0, 50.0, Step = 0.01, NoRound = true)]
    public double Beta { get; init; } = 0.6;

    public Sigmas Execute(NodeContext context) => new(BetaSchedule.Compute(Model.Sampling, Steps, Alpha, Beta));
}
