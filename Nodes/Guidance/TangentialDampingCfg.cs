using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Keeps of the negative prediction what goes the positive one's way.</summary>
[Node(
    "TCFG",
    Category = "advanced/guidance",
    DisplayName = "Tangential Damping CFG",
    Description = "TCFG – Tangential Damping CFG (2503.18137)\n\nRefine the uncond (negative) to align with the cond (positive) for improving quality.",
    Module = "comfy_extras.nodes_tcfg",
    Schema = NodeSchema.V3
)]
[Output(0, Name = "patched_model")]
public sealed class TangentialDampingCfg : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            PredictionHooks = [.. Model.PredictionHooks, new TangentialDamping()],
        };
}
