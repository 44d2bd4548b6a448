using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Cuts a rectangle out; what lies beyond the picture is left off.</summary>
[Node("ImageCrop", Category = "image/transform", DisplayName = "Image Crop", Module = "comfy_extras.nodes_images")]
public sealed class ImageCrop : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Number(1, 16384, Step = 1)]
    public int Width { get; init; } = 512;

    [Number(1, 16384, Step = 1)]
    public int Height { get; init; } = 512;

    [Number(0, 16384, Step = 1)]
    public int X { get; init; }

    [Number(0, 16384, Step = 1)]
    public int Y { get; init; }

    public Image Execute(NodeContext context)
    {
        var x = Math.Min(X, Image.Width - 1);
        var y = Math.Min(Y, Image.Height - 1);
        return new Image(Image.Pixels.Slice(1, y, y + Height).Slice(2, x, x + Width));
    }
}
