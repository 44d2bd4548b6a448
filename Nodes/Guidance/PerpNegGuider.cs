using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Guidance that takes away of the negative prompt only what the positive one does not have.</summary>
[Node(
    "PerpNegGuider",
    Category = "_for_testing",
    Module = "comfy_extras.nodes_perpneg",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class PerpNegGuider : INode<IGuider>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required Conditioning Positive { get; init; }

    [Input]
    public required Conditioning Negative { get; init; }

    [Input]
    public required Conditioning EmptyConditioning { get; init; }

    [Number(0.0, 100.0, Step = 0.1, Round = 0.01)]
    public double Cfg { get; init; } = 8.0;

    [Number(0.0, 100.0, Step = 0.01)]
    public double NegScale { get; init; } = 1.0;

    public IGuider Execute(NodeContext context) =>
        new PerpendicularNegativeGuider(Model, Positive, Negative, EmptyConditioning, NegScale, Cfg);
}
