using NodeHost.Diffusion.Latents;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Latents;

/// <summary>An operation that tames burnt-out latents.</summary>
[Node(
    "LatentOperationTonemapReinhard",
    Category = "latent/advanced/operations",
    Module = "comfy_extras.nodes_latent",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class LatentOperationTonemapReinhard : INode<ILatentOperation>
{
    [Number(0.0, 100.0, Step = 0.01)]
    public double Multiplier { get; init; } = 1.0;

    public ILatentOperation Execute(NodeContext context) => new ReinhardTonemap(Multiplier);
}
