using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Resizes pictures by a factor.</summary>
[Node("ImageScaleBy", Category = "image/upscaling", DisplayName = "Upscale Image By")]
public sealed class ImageScaleBy : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Choice("nearest-exact", "bilinear", "area", "bicubic", "lanczos")]
    public string UpscaleMethod { get; init; } = "nearest-exact";

    [Number(0.01, 8.0, Step = 0.01)]
    public double ScaleBy { get; init; } = 1;

    public Image Execute(NodeContext context)
    {
        var width = (long)Math.Round(Image.Width * ScaleBy);
        var height = (long)Math.Round(Image.Height * ScaleBy);
        return new Image(ImageScaling.Resize(Image.Pixels, width, height, ImageScaling.Parse(UpscaleMethod)));
    }
}
