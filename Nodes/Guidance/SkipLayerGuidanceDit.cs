using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Guides away from a prediction without some of the transformer's blocks.</summary>
[Node(
    "SkipLayerGuidanceDiT",
    Category = "advanced/guidance",
    Description = "Generic version of SkipLayerGuidance node that can be used on every DiT model.",
    Module = "comfy_extras.nodes_slg",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class SkipLayerGuidanceDit : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Text(SingleLine = true)]
    public string DoubleLayers { get; init; } = "7, 8, 9";

    [Text(SingleLine = true)]
    public string SingleLayers { get; init; } = "7, 8, 9";

    [Number(0.0, 10.0, Step = 0.1)]
    public double Scale { get; init; } = 3.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; } = 0.01;

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 0.15;

    [Number(0.0, 10.0, Step = 0.01)]
    public double RescalingScale { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            GuidanceHooks =
            [
                .. Model.GuidanceHooks,
                new SkipLayerGuidance(
                    SkippedLayers.Parse(DoubleLayers, SingleLayers),
                    Scale,
                    StartPercent,
                    EndPercent,
                    RescalingScale
                ),
            ],
        };
}
