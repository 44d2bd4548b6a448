using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Masks;

/// <summary>Gives pictures an alpha channel; what is masked becomes transparent.</summary>
[Node(
    "JoinImageWithAlpha",
    Category = "mask/compositing",
    DisplayName = "Join Image with Alpha",
    Module = "comfy_extras.nodes_compositing",
    Schema = NodeSchema.V3
)]
public sealed class JoinImageWithAlpha : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Input]
    public required Mask Alpha { get; init; }

    public Image Execute(NodeContext context)
    {
        var alpha = 1.0 - ImageScaling.ResizeMask(Alpha.Values, Image.Width, Image.Height);
        var count = Math.Min(Image.BatchSize, alpha.Length(0));
        var colours = Image.Pixels.Slice(0, 0, count).Slice(3, 0, 3);
        return new Image(Tensor.Concat([colours, alpha.Slice(0, 0, count).Unsqueeze(3)], 3));
    }
}
