using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Puts two pictures side by side or above one another, with a gap if wanted.</summary>
[Node(
    "ImageStitch",
    Category = "image/transform",
    DisplayName = "Image Stitch",
    Description = "\nStitches image2 to image1 in the specified direction.\nIf image2 is not provided, returns image1 unchanged.\nOptional spacing can be added between images.\n",
    Module = "comfy_extras.nodes_images"
)]
public sealed class ImageStitch : INode<Image>
{
    [Input]
    public required Image Image1 { get; init; }

    [Choice("right", "down", "left", "up", ShowDefault = true)]
    public string Direction { get; init; } = "right";

    [Toggle]
    public bool MatchImageSize { get; init; } = true;

    [Number(0, 1024, Step = 2)]
    public int SpacingWidth { get; init; }

    [Choice("white", "black", "red", "green", "blue", ShowDefault = true)]
    public string SpacingColor { get; init; } = "white";

    [Input]
    public Image? Image2 { get; init; }

    private bool IsSideBySide => Direction is "left" or "right";

    public Image Execute(NodeContext context)
    {
        if (Image2 is null)
        {
            return Image1;
        }

        var batch = Math.Max(Image1.BatchSize, Image2.BatchSize);
        var first = BatchSize.ExtendTo(Image1.Pixels, batch);
        var second = BatchSize.ExtendTo(Image2.Pixels, batch);
        if (MatchImageSize)
        {
            second = ResizeToMatch(first, second);
        }
        else
        {
            var across = IsSideBySide ? 1 : 2;
            var length = Math.Max(first.Length(across), second.Length(across));
            (first, second) = (Centre(first, across, length), Centre(second, across, length));
        }

        var channels = Math.Max(first.Length(3), second.Length(3));
        (first, second) = (WithChannels(first, channels), WithChannels(second, channels));
        var (before, after) = Direction is "left" or "up" ? (second, first) : (first, second);
        ReadOnlySpan<Tensor> parts = SpacingWidth > 0 ? [before, Gap(first), after] : [before, after];
        return new Image(Tensor.Concat(parts, IsSideBySide ? 2 : 1));
    }

    private Tensor ResizeToMatch(Tensor first, Tensor second)
    {
        var aspect = (double)second.Length(2) / second.Length(1);
        var (width, height) = IsSideBySide
            ? ((long)(first.Length(1) * aspect), first.Length(1))
            : (first.Length(2), (long)(first.Length(2) / aspect));
        return ImageScaling.Resize(second, width, height, UpscaleMethod.Lanczos);
    }

    // Colours pad with black, only white and black with themselves.
    private Tensor Centre(Tensor images, int dimension, long length)
    {
        var missing = length - images.Length(dimension);
        var (before, after) = (missing / 2, missing - (missing / 2));
        ReadOnlySpan<long> padding = dimension == 1 ? [0, 0, 0, 0, before, after] : [0, 0, before, after, 0, 0];
        return missing == 0 ? images : images.Pad(padding, SpacingColor == "white" ? 1 : 0);
    }

    private static Tensor WithChannels(Tensor images, long channels) =>
        images.Length(3) == channels ? images : images.Pad([0, channels - images.Length(3)], 1);

    private Tensor Gap(Tensor neighbour)
    {
        float[] colour = SpacingColor switch
        {
            "white" => [1, 1, 1, 1],
            "red" => [1, 0, 0, 1],
            "green" => [0, 1, 0, 1],
            "blue" => [0, 0, 1, 1],
            _ => [0, 0, 0, 1],
        };
        var (batch, channels) = (neighbour.Length(0), neighbour.Length(3));
        var width = SpacingWidth + (SpacingWidth % 2);
        var pixel = Tensor.From(colour.AsSpan(0, (int)channels), 1, 1, 1, channels);
        return IsSideBySide
            ? pixel.Expand(batch, neighbour.Length(1), width, channels)
            : pixel.Expand(batch, width, neighbour.Length(2), channels);
    }
}
