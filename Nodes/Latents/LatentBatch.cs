using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Latents;

/// <summary>Puts two latents into one batch; the second takes the size of the first.</summary>
[Node("LatentBatch", Category = "latent/batch", Module = "comfy_extras.nodes_latent", Schema = NodeSchema.V3)]
public sealed class LatentBatch : INode<Latent>
{
    [Input]
    public required Latent Samples1 { get; init; }

    [Input]
    public required Latent Samples2 { get; init; }

    public Latent Execute(NodeContext context)
    {
        var second = LatentScaling.MatchSize(Samples2.Samples, Samples1.Samples);
        return Samples1 with
        {
            Samples = Tensor.Concat([Samples1.Samples, second], 0),
            BatchIndex = [.. LatentMasks.BatchIndexOf(Samples1), .. LatentMasks.BatchIndexOf(Samples2)],
        };
    }
}
