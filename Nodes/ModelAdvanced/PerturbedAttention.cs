using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Guides away from a prediction with weakened self-attention.</summary>
[Node(
    "PerturbedAttentionGuidance",
    Category = "model_patches/unet",
    Module = "comfy_extras.nodes_pag",
    Schema = NodeSchema.V3
)]
public sealed class PerturbedAttention : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 100.0, Step = 0.01, Round = 0.01)]
    public double Scale { get; init; } = 3.0;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            GuidanceHooks = [.. Model.GuidanceHooks, new PerturbedAttentionGuidance(Scale)],
        };
}
