using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Guides without the part that saturates colours.</summary>
[Node(
    "APG",
    Category = "sampling/custom_sampling",
    DisplayName = "Adaptive Projected Guidance",
    Module = "comfy_extras.nodes_apg",
    Schema = NodeSchema.V3
)]
public sealed class AdaptiveProjectedGuidance : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(
        -10.0,
        10.0,
        Step = 0.01,
        Tooltip = "Controls the scale of the parallel guidance vector. Default CFG behavior at a setting of 1."
    )]
    public double Eta { get; init; } = 1.0;

    [Number(
        0.0,
        50.0,
        Step = 0.1,
        Tooltip = "Normalize guidance vector to this value, normalization disable at a setting of 0."
    )]
    public double NormThreshold { get; init; } = 5.0;

    [Number(
        -5.0,
        1.0,
        Step = 0.01,
        Tooltip = "Controls a running average of guidance during diffusion, disabled at a setting of 0."
    )]
    public double Momentum { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            PredictionHooks = [.. Model.PredictionHooks, new ProjectedGuidance(Eta, NormThreshold, Momentum)],
        };
}
