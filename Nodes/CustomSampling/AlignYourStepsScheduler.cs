using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Noise levels that NVIDIA found to be best for few steps.</summary>
[Node(
    "AlignYourStepsScheduler",
    Category = "sampling/custom_sampling/schedulers",
    Module = "comfy_extras.nodes_align_your_steps",
    Schema = NodeSchema.V3
)]
public sealed class AlignYourStepsScheduler : INode<Sigmas>
{
    [Choice("SD1", "SDXL", "SVD")]
    public string ModelType { get; init; } = "SD1";

    [Number(1, 10000)]
    public int Steps { get; init; } = 10;

    [Number(0.0, 1.0, Step = 0.01)]
    public double Denoise { get; init; } = 1.0;

    public Sigmas Execute(NodeContext context) => new(AlignYourStepsSchedule.Compute(ModelType, Steps, Denoise));
}
