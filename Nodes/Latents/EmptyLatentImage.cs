using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Latents;

/// <summary>Starts from nothing: a batch of zero latents for SD1.5 and SDXL.</summary>
[Node(
    "EmptyLatentImage",
    Category = "latent",
    DisplayName = "Empty Latent Image",
    Description = "Create a new batch of empty latent images to be denoised via sampling."
)]
[Output(0, Tooltip = "The empty latent image batch.")]
public sealed class EmptyLatentImage : INode<Latent>
{
    private const int Channels = 4;

    [Number(16, 16384, Step = 8, Tooltip = "The width of the latent images in pixels.")]
    public int Width { get; init; } = 512;

    [Number(16, 16384, Step = 8, Tooltip = "The height of the latent images in pixels.")]
    public int Height { get; init; } = 512;

    [Number(1, 4096, Tooltip = "The number of latent images in the batch.")]
    public int BatchSize { get; init; } = 1;

    public Latent Execute(NodeContext context) =>
        new(Tensor.Zeros([BatchSize, Channels, Height / LatentGrid.Pixels, Width / LatentGrid.Pixels]));
}
