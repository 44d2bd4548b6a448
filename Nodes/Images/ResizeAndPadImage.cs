using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Fits pictures into a rectangle and fills the rest with one colour.</summary>
[Node("ResizeAndPadImage", Category = "image/transform", Module = "comfy_extras.nodes_images")]
public sealed class ResizeAndPadImage : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Number(1, 16384, Step = 1)]
    public int TargetWidth { get; init; } = 512;

    [Number(1, 16384, Step = 1)]
    public int TargetHeight { get; init; } = 512;

    [Choice("white", "black")]
    public string PaddingColor { get; init; } = "white";

    [Choice("area", "bicubic", "nearest-exact", "bilinear", "lanczos")]
    public string Interpolation { get; init; } = "area";

    public Image Execute(NodeContext context)
    {
        var scale = Math.Min((double)TargetWidth / Image.Width, (double)TargetHeight / Image.Height);
        var (width, height) = ((long)(Image.Width * scale), (long)(Image.Height * scale));
        var resized = ImageScaling.Resize(Image.Pixels, width, height, ImageScaling.Parse(Interpolation));
        var (left, top) = ((TargetWidth - width) / 2, (TargetHeight - height) / 2);
        var result = Tensor.Full(
            [Image.BatchSize, TargetHeight, TargetWidth, Image.Pixels.Length(3)],
            PaddingColor == "black" ? 0.0 : 1.0
        );
        result.Slice(1, top, top + height).Slice(2, left, left + width).Assign(resized);
        return new Image(result);
    }
}
