using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Guides away from a prediction without some of the double blocks.</summary>
[Node(
    "SkipLayerGuidanceSD3",
    Category = "advanced/guidance",
    Description = "Generic version of SkipLayerGuidance node that can be used on every DiT model.",
    Module = "comfy_extras.nodes_sd3",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class SkipLayerGuidanceSd3 : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Text(SingleLine = true)]
    public string Layers { get; init; } = "7, 8, 9";

    [Number(0.0, 10.0, Step = 0.1)]
    public double Scale { get; init; } = 3.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; } = 0.01;

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 0.15;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            GuidanceHooks =
            [
                .. Model.GuidanceHooks,
                new SkipLayerGuidance(SkippedLayers.Parse(Layers, ""), Scale, StartPercent, EndPercent),
            ],
        };
}
