using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.PostProcessing;

/// <summary>Resizes pictures to a number of pixels, keeping their proportions.</summary>
[Node(
    "ImageScaleToTotalPixels",
    Category = "image/upscaling",
    Module = "comfy_extras.nodes_post_processing",
    Schema = NodeSchema.V3
)]
public sealed class ImageScaleToTotalPixels : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Choice("nearest-exact", "bilinear", "area", "bicubic", "lanczos")]
    public string UpscaleMethod { get; init; } = "nearest-exact";

    [Number(0.01, 16.0, Step = 0.01)]
    public double Megapixels { get; init; } = 1;

    public Image Execute(NodeContext context)
    {
        var total = (long)(Megapixels * 1024 * 1024);
        var factor = Math.Sqrt((double)total / (Image.Width * Image.Height));
        var width = (long)Math.Round(Image.Width * factor);
        var height = (long)Math.Round(Image.Height * factor);
        return new Image(ImageScaling.Resize(Image.Pixels, width, height, ImageScaling.Parse(UpscaleMethod)));
    }
}
