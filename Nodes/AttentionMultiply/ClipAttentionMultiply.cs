using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.AttentionMultiply;

/// <summary>Multiplies the weights of CLIP's self-attention.</summary>
[Node(
    "CLIPAttentionMultiply",
    Category = "_for_testing/attention_experiments",
    Module = "comfy_extras.nodes_attention_multiply",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class ClipAttentionMultiply : INode<Clip>
{
    [Input]
    public required Clip Clip { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double Q { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01)]
    public double K { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01)]
    public double V { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01)]
    public double Out { get; init; } = 1.0;

    public Clip Execute(NodeContext context) => AttentionFactors.Apply(Clip, AttentionFactors.OfClip(Q, K, V, Out));
}
