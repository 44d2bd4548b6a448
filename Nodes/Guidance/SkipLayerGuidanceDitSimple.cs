using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Makes the negative prediction without some of the transformer's blocks.</summary>
[Node(
    "SkipLayerGuidanceDiTSimple",
    Category = "advanced/guidance",
    Description = "Simple version of the SkipLayerGuidanceDiT node that only modifies the uncond pass.",
    Module = "comfy_extras.nodes_slg",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class SkipLayerGuidanceDitSimple : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Text(SingleLine = true)]
    public string DoubleLayers { get; init; } = "7, 8, 9";

    [Text(SingleLine = true)]
    public string SingleLayers { get; init; } = "7, 8, 9";

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; }

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) =>
        SkippedLayers.Parse(DoubleLayers, SingleLayers).WithoutInNegative(Model, StartPercent, EndPercent);
}
