using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Lays one latent upon another at a place given in pixels, through a mask if there is one.</summary>
[Node(
    "LatentCompositeMasked",
    Category = "latent",
    DisplayName = "LatentCompositeMasked",
    Module = "comfy_extras.nodes_mask"
)]
public sealed class LatentCompositeMasked : INode<Latent>
{
    [Input]
    public required Latent Destination { get; init; }

    [Input]
    public required Latent Source { get; init; }

    [Number(0, 16384, Step = 8)]
    public int X { get; init; }

    [Number(0, 16384, Step = 8)]
    public int Y { get; init; }

    [Toggle]
    public bool ResizeSource { get; init; }

    [Input]
    public Mask? Mask { get; init; }

    public Latent Execute(NodeContext context) =>
        Destination with
        {
            Samples = Compositing.Composite(
                Destination.Samples,
                Source.Samples,
                X,
                Y,
                Mask?.Values,
                LatentGrid.Pixels,
                ResizeSource
            ),
        };
}
