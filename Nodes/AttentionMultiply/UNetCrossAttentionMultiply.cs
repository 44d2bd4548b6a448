using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.AttentionMultiply;

/// <summary>Multiplies the weights of attention to the text.</summary>
[Node(
    "UNetCrossAttentionMultiply",
    Category = "_for_testing/attention_experiments",
    Module = "comfy_extras.nodes_attention_multiply",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class UNetCrossAttentionMultiply : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double Q { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01)]
    public double K { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01)]
    public double V { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01)]
    public double Out { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) =>
        AttentionFactors.Apply(Model, AttentionFactors.OfLayer("attn2", Q, K, V, Out));
}
