using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Latents;

/// <summary>Starts from nothing: a batch of zero latents for SD3 and Flux.</summary>
[Node("EmptySD3LatentImage", Category = "latent/sd3", Module = "comfy_extras.nodes_sd3", Schema = NodeSchema.V3)]
public sealed class EmptySd3LatentImage : INode<Latent>
{
    private const int Channels = 16;

    [Number(16, 16384, Step = 16)]
    public int Width { get; init; } = 1024;

    [Number(16, 16384, Step = 16)]
    public int Height { get; init; } = 1024;

    [Number(1, 4096)]
    public int BatchSize { get; init; } = 1;

    public Latent Execute(NodeContext context) =>
        new(Tensor.Zeros([BatchSize, Channels, Height / LatentGrid.Pixels, Width / LatentGrid.Pixels]));
}
