using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Latents;

/// <summary>Joins two latents side by side; with a minus sign the second comes first.</summary>
[Node("LatentConcat", Category = "latent/advanced", Module = "comfy_extras.nodes_latent", Schema = NodeSchema.V3)]
public sealed class LatentConcat : INode<Latent>
{
    [Input]
    public required Latent Samples1 { get; init; }

    [Input]
    public required Latent Samples2 { get; init; }

    [Choice("x", "-x", "y", "-y", "t", "-t")]
    public string Dim { get; init; } = "x";

    public Latent Execute(NodeContext context)
    {
        var first = Samples1.Samples;
        var second = BatchSize.RepeatTo(Samples2.Samples, first.Length(0));
        Tensor[] parts = Dim.StartsWith('-') ? [second, first] : [first, second];
        return Samples1 with { Samples = Tensor.Concat(parts, LatentAxis.Dimension(Dim)) };
    }
}
