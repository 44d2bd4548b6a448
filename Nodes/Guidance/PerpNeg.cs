using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Takes away of the negative prompt only what the positive one does not have.</summary>
[Node(
    "PerpNeg",
    Category = "_for_testing",
    DisplayName = "Perp-Neg (DEPRECATED by PerpNegGuider)",
    Module = "comfy_extras.nodes_perpneg",
    Schema = NodeSchema.V3,
    Experimental = true,
    Deprecated = true
)]
public sealed class PerpNeg : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required Conditioning EmptyConditioning { get; init; }

    [Number(0.0, 100.0, Step = 0.01)]
    public double NegScale { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            GuidanceRule = new PerpendicularNegativeRule(EmptyConditioning, NegScale),
        };
}
