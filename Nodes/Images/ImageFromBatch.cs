using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Some of the pictures of a batch.</summary>
[Node("ImageFromBatch", Category = "image/batch", Module = "comfy_extras.nodes_images")]
public sealed class ImageFromBatch : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Number(0, 4095)]
    public int BatchIndex { get; init; }

    [Number(1, 4096)]
    public int Length { get; init; } = 1;

    public Image Execute(NodeContext context)
    {
        var first = Math.Min(BatchIndex, Image.BatchSize - 1);
        return new Image(Image.Pixels.Slice(0, first, first + Length).Clone());
    }
}
