using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Mirrors pictures.</summary>
[Node("ImageFlip", Category = "image/transform", Module = "comfy_extras.nodes_images")]
public sealed class ImageFlip : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Choice("x-axis: vertically", "y-axis: horizontally")]
    public string FlipMethod { get; init; } = "x-axis: vertically";

    public Image Execute(NodeContext context) =>
        FlipMethod.FirstOrDefault() switch
        {
            'x' => new Image(Image.Pixels.Flip(1)),
            'y' => new Image(Image.Pixels.Flip(2)),
            _ => Image,
        };
}
