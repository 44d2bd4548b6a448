using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Guides away from a prediction whose attended places were blurred.</summary>
[Node(
    "SelfAttentionGuidance",
    Category = "_for_testing",
    DisplayName = "Self-Attention Guidance",
    Module = "comfy_extras.nodes_sag",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class SelfAttentionGuidanceNode : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(-2.0, 5.0, Step = 0.01)]
    public double Scale { get; init; } = 0.5;

    [Number(0.0, 10.0, Step = 0.1)]
    public double BlurSigma { get; init; } = 2.0;

    public DiffusionModel Execute(NodeContext context) => new SelfAttentionGuidance(Scale, BlurSigma).ApplyTo(Model);
}
