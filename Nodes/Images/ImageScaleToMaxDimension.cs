using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Resizes pictures so that the longer side has a given length.</summary>
[Node("ImageScaleToMaxDimension", Category = "image/upscaling", Module = "comfy_extras.nodes_images")]
public sealed class ImageScaleToMaxDimension : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Choice("area", "lanczos", "bilinear", "nearest-exact", "bilinear", "bicubic")]
    public string UpscaleMethod { get; init; } = "area";

    [Number(0, 16384, Step = 1)]
    public int LargestSize { get; init; } = 512;

    public Image Execute(NodeContext context)
    {
        var width = Image.Width >= Image.Height ? LargestSize : Proportional(Image.Width, Image.Height);
        var height = Image.Height >= Image.Width ? LargestSize : Proportional(Image.Height, Image.Width);
        return new Image(ImageScaling.Resize(Image.Pixels, width, height, ImageScaling.Parse(UpscaleMethod)));
    }

    private long Proportional(long shorter, long longer) => (long)Math.Round((double)shorter / longer * LargestSize);
}
