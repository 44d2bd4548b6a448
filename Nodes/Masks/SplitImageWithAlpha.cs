using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Masks;

/// <summary>Takes the alpha channel off pictures, as a mask of what is transparent.</summary>
[Node(
    "SplitImageWithAlpha",
    Category = "mask/compositing",
    DisplayName = "Split Image with Alpha",
    Module = "comfy_extras.nodes_compositing",
    Schema = NodeSchema.V3
)]
public sealed class SplitImageWithAlpha : INode<(Image Image, Mask Mask)>
{
    [Input]
    public required Image Image { get; init; }

    public (Image Image, Mask Mask) Execute(NodeContext context)
    {
        var pixels = Image.Pixels;
        var mask =
            pixels.Length(3) > 3
                ? 1.0 - pixels.Select(3, 3)
                : Tensor.Zeros([Image.BatchSize, Image.Height, Image.Width]);
        return (new Image(pixels.Slice(3, 0, 3)), new Mask(mask));
    }
}
