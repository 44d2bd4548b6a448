using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Guidance with two conditionings.</summary>
[Node("DualCFGGuider", Category = "sampling/custom_sampling/guiders", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class DualCfgGuiderNode : INode<IGuider>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required Conditioning Cond1 { get; init; }

    [Input]
    public required Conditioning Cond2 { get; init; }

    [Input]
    public required Conditioning Negative { get; init; }

    [Number(0.0, 100.0, Step = 0.1, Round = 0.01)]
    public double CfgConds { get; init; } = 8.0;

    [Number(0.0, 100.0, Step = 0.1, Round = 0.01)]
    public double CfgCond2Negative { get; init; } = 8.0;

    [Choice("regular", "nested")]
    public string Style { get; init; } = "regular";

    public IGuider Execute(NodeContext context) =>
        new DualCfgGuider(Model, Cond1, Cond2, Negative, CfgConds, CfgCond2Negative, Style == "nested");
}
