using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.AttentionMultiply;

/// <summary>Multiplies the outputs of attention within frames and between them.</summary>
[Node(
    "UNetTemporalAttentionMultiply",
    Category = "_for_testing/attention_experiments",
    Module = "comfy_extras.nodes_attention_multiply",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class UNetTemporalAttentionMultiply : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double SelfStructural { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01)]
    public double SelfTemporal { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01)]
    public double CrossStructural { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01)]
    public double CrossTemporal { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) =>
        AttentionFactors.Apply(
            Model,
            AttentionFactors.OfVideo((SelfStructural, SelfTemporal), (CrossStructural, CrossTemporal))
        );
}
