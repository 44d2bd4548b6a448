using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Turns pictures clockwise by right angles.</summary>
[Node("ImageRotate", Category = "image/transform", Module = "comfy_extras.nodes_images")]
public sealed class ImageRotate : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Choice("none", "90 degrees", "180 degrees", "270 degrees")]
    public string Rotation { get; init; } = "none";

    public Image Execute(NodeContext context) =>
        Rotation switch
        {
            "90 degrees" => Turn(1),
            "180 degrees" => Turn(2),
            "270 degrees" => Turn(3),
            _ => Image,
        };

    private Image Turn(long quarters) => new(Image.Pixels.Rot90(quarters, [2, 1]));
}
