using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Takes one latent from another; the second takes the shape of the first.</summary>
[Node("LatentSubtract", Category = "latent/advanced", Module = "comfy_extras.nodes_latent", Schema = NodeSchema.V3)]
public sealed class LatentSubtract : INode<Latent>
{
    [Input]
    public required Latent Samples1 { get; init; }

    [Input]
    public required Latent Samples2 { get; init; }

    public Latent Execute(NodeContext context) =>
        Samples1 with
        {
            Samples = Samples1.Samples - LatentScaling.Match(Samples2.Samples, Samples1.Samples),
        };
}
