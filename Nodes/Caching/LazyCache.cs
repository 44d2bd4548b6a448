using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Reuse;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Caching;

/// <summary>Skips whole steps while what they give follows what they get steadily.</summary>
[Node(
    "LazyCache",
    Category = "advanced/debug/model",
    DisplayName = "LazyCache",
    Description = "A homebrew version of EasyCache - even 'easier' version of EasyCache to implement. Overall works worse than EasyCache, but better in some rare cases AND universal compatibility with everything in ComfyUI.",
    Module = "comfy_extras.nodes_easycache",
    Schema = NodeSchema.V3,
    Experimental = true
)]
[Output(0, Tooltip = "The model with LazyCache.")]
public sealed class LazyCache : INode<DiffusionModel>
{
    [Input(Tooltip = "The model to add LazyCache to.")]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 3.0, Step = 0.01, Tooltip = "The threshold for reusing cached steps.")]
    public double ReuseThreshold { get; init; } = 0.2;

    [Number(0.0, 1.0, Step = 0.01, Tooltip = "The relative sampling step to begin use of LazyCache.")]
    public double StartPercent { get; init; } = 0.15;

    [Number(0.0, 1.0, Step = 0.01, Tooltip = "The relative sampling step to end use of LazyCache.")]
    public double EndPercent { get; init; } = 0.95;

    [Toggle(Tooltip = "Whether to log verbose information.")]
    public bool Verbose { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            Reuse = new ReuseSettings(
                "LazyCache",
                ReuseLevel.Guided,
                ReuseThreshold,
                StartPercent,
                EndPercent,
                Verbose
            ),
        };
}
