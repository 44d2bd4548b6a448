using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Lays one picture over another, through a mask if there is one.</summary>
[Node("ImageCompositeMasked", Category = "image", Module = "comfy_extras.nodes_mask")]
public sealed class ImageCompositeMasked : INode<Image>
{
    [Input]
    public required Image Destination { get; init; }

    [Input]
    public required Image Source { get; init; }

    [Number(0, 16384, Step = 1)]
    public int X { get; init; }

    [Number(0, 16384, Step = 1)]
    public int Y { get; init; }

    [Toggle]
    public bool ResizeSource { get; init; }

    [Input]
    public Mask? Mask { get; init; }

    public Image Execute(NodeContext context)
    {
        var source = BatchSize.MatchChannels(Destination.Pixels, Source.Pixels);
        var composite = Compositing.Composite(
            Destination.Pixels.Permute(0, 3, 1, 2),
            source.Permute(0, 3, 1, 2),
            X,
            Y,
            Mask?.Values,
            multiplier: 1,
            ResizeSource
        );
        return new Image(composite.Permute(0, 2, 3, 1));
    }
}
