using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Adds two latents; the second takes the shape of the first.</summary>
[Node("LatentAdd", Category = "latent/advanced", Module = "comfy_extras.nodes_latent", Schema = NodeSchema.V3)]
public sealed class LatentAdd : INode<Latent>
{
    [Input]
    public required Latent Samples1 { get; init; }

    [Input]
    public required Latent Samples2 { get; init; }

    public Latent Execute(NodeContext context) =>
        Samples1 with
        {
            Samples = Samples1.Samples + LatentScaling.Match(Samples2.Samples, Samples1.Samples),
        };
}
