using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>The few noise levels that the OptimalSteps paper found best for a model.</summary>
[Node(
    "OptimalStepsScheduler",
    Category = "sampling/custom_sampling/schedulers",
    Module = "comfy_extras.nodes_optimalsteps",
    Schema = NodeSchema.V3
)]
public sealed class OptimalStepsScheduler : INode<Sigmas>
{
    [Choice("FLUX", "Wan", "Chroma")]
    public string ModelType { get; init; } = "FLUX";

    [Number(3, 1000)]
    public int Steps { get; init; } = 20;

    [Number(0.0, 1.0, Step = 0.01)]
    public double Denoise { get; init; } = 1.0;

    public Sigmas Execute(NodeContext context) => new(OptimalStepsSchedule.Compute(ModelType, Steps, Denoise));
}
