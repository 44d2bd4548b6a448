using NodeHost.Diffusion.Latents;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Applies an operation to a latent.</summary>
[Node(
    "LatentApplyOperation",
    Category = "latent/advanced/operations",
    Module = "comfy_extras.nodes_latent",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class LatentApplyOperation : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Input]
    public required ILatentOperation Operation { get; init; }

    public Latent Execute(NodeContext context) => Samples with { Samples = Operation.Apply(Samples.Samples) };
}
