using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Reuse;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Caching;

/// <summary>Skips the network while its output follows its input steadily.</summary>
[Node(
    "EasyCache",
    Category = "advanced/debug/model",
    DisplayName = "EasyCache",
    Description = "Native EasyCache implementation.",
    Module = "comfy_extras.nodes_easycache",
    Schema = NodeSchema.V3,
    Experimental = true
)]
[Output(0, Tooltip = "The model with EasyCache.")]
public sealed class EasyCache : INode<DiffusionModel>
{
    [Input(Tooltip = "The model to add EasyCache to.")]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 3.0, Step = 0.01, Tooltip = "The threshold for reusing cached steps.")]
    public double ReuseThreshold { get; init; } = 0.2;

    [Number(0.0, 1.0, Step = 0.01, Tooltip = "The relative sampling step to begin use of EasyCache.")]
    public double StartPercent { get; init; } = 0.15;

    [Number(0.0, 1.0, Step = 0.01, Tooltip = "The relative sampling step to end use of EasyCache.")]
    public double EndPercent { get; init; } = 0.95;

    [Toggle(Tooltip = "Whether to log verbose information.")]
    public bool Verbose { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            Reuse = new ReuseSettings(
                "EasyCache",
                ReuseLevel.Network,
                ReuseThreshold,
                StartPercent,
                EndPercent,
                Verbose
            ),
        };
}
