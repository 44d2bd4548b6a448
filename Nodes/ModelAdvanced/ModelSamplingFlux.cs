using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Fits Flux's time shift to the picture's size.</summary>
[Node("ModelSamplingFlux", Category = "advanced/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class ModelSamplingFlux : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 100.0, Step = 0.01)]
    public double MaxShift { get; init; } = 1.15;

    [Number(0.0, 100.0, Step = 0.01)]
    public double BaseShift { get; init; } = 0.5;

    [Number(16, 16384, Step = 8)]
    public int Width { get; init; } = 1024;

    [Number(16, 16384, Step = 8)]
    public int Height { get; init; } = 1024;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            Sampling = new FluxModelSampling(FluxModelSampling.ShiftFor(MaxShift, BaseShift, Width, Height)),
        };
}
