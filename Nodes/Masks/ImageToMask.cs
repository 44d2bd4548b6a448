using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Masks;

/// <summary>One channel of pictures as a mask.</summary>
[Node("ImageToMask", Category = "mask", DisplayName = "Convert Image to Mask", Module = "comfy_extras.nodes_mask")]
public sealed class ImageToMask : INode<Mask>
{
    [Input]
    public required Image Image { get; init; }

    [Choice("red", "green", "blue", "alpha")]
    public string Channel { get; init; } = "red";

    public Mask Execute(NodeContext context)
    {
        var index = Channel switch
        {
            "red" => 0,
            "green" => 1,
            "blue" => 2,
            _ => 3,
        };
        return index < Image.Pixels.Length(3)
            ? new Mask(Image.Pixels.Select(3, index))
            : throw new ImageException(
                $"ImageToMask, input 'channel': expected a channel of {Image.Pixels}, given '{Channel}'. "
                    + "LoadImage has the alpha as its mask output."
            );
    }
}
