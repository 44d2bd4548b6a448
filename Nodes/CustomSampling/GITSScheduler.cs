using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Noise levels for few straight steps along a curved path (GITS), searched here: near ComfyUI's, not equal.</summary>
[Node(
    "GITSScheduler",
    Category = "sampling/custom_sampling/schedulers",
    Module = "comfy_extras.nodes_gits",
    Schema = NodeSchema.V3
)]
public sealed class GITSScheduler : INode<Sigmas>
{
    [Number(0.80, 1.50, Step = 0.05)]
    public double Coeff { get; init; } = 1.20;

    [Number(2, 1000)]
    public int Steps { get; init; } = 10;

    [Number(0.0, 1.0, Step = 0.01)]
    public double Denoise { get; init; } = 1.0;

    public Sigmas Execute(NodeContext context) => new(GitsSchedule.Compute(Coeff, Steps, Denoise));
}
