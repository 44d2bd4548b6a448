using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Keeps guidance from lengthening the latent's channel vectors.</summary>
[Node(
    "CFGNorm",
    Category = "advanced/guidance",
    Module = "comfy_extras.nodes_cfg",
    Schema = NodeSchema.V3,
    Experimental = true
)]
[Output(0, Name = "patched_model")]
public sealed class CfgNorm : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 100.0, Step = 0.01)]
    public double Strength { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            GuidanceHooks = [.. Model.GuidanceHooks, new NormLimit(Strength)],
        };
}
