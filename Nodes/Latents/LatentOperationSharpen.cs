using NodeHost.Diffusion.Latents;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Latents;

/// <summary>An operation that sharpens latents.</summary>
[Node(
    "LatentOperationSharpen",
    Category = "latent/advanced/operations",
    Module = "comfy_extras.nodes_latent",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class LatentOperationSharpen : INode<ILatentOperation>
{
    [Number(1, 31, Step = 1)]
    public int SharpenRadius { get; init; } = 9;

    [Number(0.1, 10.0, Step = 0.1)]
    public double Sigma { get; init; } = 1.0;

    [Number(0.0, 5.0, Step = 0.01)]
    public double Alpha { get; init; } = 0.1;

    public ILatentOperation Execute(NodeContext context) => new LatentSharpening(SharpenRadius, Sigma, Alpha);
}
