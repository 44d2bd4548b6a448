using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Resizes pictures; a width or height of 0 follows from the other.</summary>
[Node("ImageScale", Category = "image/upscaling", DisplayName = "Upscale Image")]
public sealed class ImageScale : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Choice("nearest-exact", "bilinear", "area", "bicubic", "lanczos")]
    public string UpscaleMethod { get; init; } = "nearest-exact";

    [Number(0, 16384, Step = 1)]
    public int Width { get; init; } = 512;

    [Number(0, 16384, Step = 1)]
    public int Height { get; init; } = 512;

    [Choice("disabled", "center")]
    public string Crop { get; init; } = "disabled";

    public Image Execute(NodeContext context)
    {
        if (Width == 0 && Height == 0)
        {
            return Image;
        }

        var width = Width != 0 ? Width : Proportional(Image.Width, Height, Image.Height);
        var height = Height != 0 ? Height : Proportional(Image.Height, Width, Image.Width);
        var method = ImageScaling.Parse(UpscaleMethod);
        return new Image(ImageScaling.Resize(Image.Pixels, width, height, method, Crop == "center"));
    }

    private static long Proportional(long length, long wanted, long given) =>
        Math.Max(1, (long)Math.Round((double)(length * wanted) / given));
}
