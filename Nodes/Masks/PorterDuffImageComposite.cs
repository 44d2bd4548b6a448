using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Masks;

/// <summary>Composes two pictures with alpha by one of Porter and Duff's operators.</summary>
[Node(
    "PorterDuffImageComposite",
    Category = "mask/compositing",
    DisplayName = "Porter-Duff Image Composite",
    Module = "comfy_extras.nodes_compositing",
    Schema = NodeSchema.V3
)]
public sealed class PorterDuffImageComposite : INode<(Image Image, Mask Mask)>
{
    [Input]
    public required Image Source { get; init; }

    [Input]
    public required Mask SourceAlpha { get; init; }

    [Input]
    public required Image Destination { get; init; }

    [Input]
    public required Mask DestinationAlpha { get; init; }

    [Choice(
        "ADD",
        "CLEAR",
        "DARKEN",
        "DST",
        "DST_ATOP",
        "DST_IN",
        "DST_OUT",
        "DST_OVER",
        "LIGHTEN",
        "MULTIPLY",
        "OVERLAY",
        "SCREEN",
        "SRC",
        "SRC_ATOP",
        "SRC_IN",
        "SRC_OUT",
        "SRC_OVER",
        "XOR"
    )]
    public string Mode { get; init; } = "DST";

    public (Image Image, Mask Mask) Execute(NodeContext context)
    {
        if (Source.Pixels.Length(3) != Destination.Pixels.Length(3))
        {
            throw new ImageException(
                $"PorterDuffImageComposite: expected pictures with equally many channels, given {Source.Pixels} and "
                    + $"{Destination.Pixels}. Take the alpha off with a SplitImageWithAlpha."
            );
        }

        var (sourceMasks, destinationMasks) = (
            MaskShapes.AsBatch(SourceAlpha.Values),
            MaskShapes.AsBatch(DestinationAlpha.Values)
        );
        long[] counts = [Source.BatchSize, Destination.BatchSize, sourceMasks.Length(0), destinationMasks.Length(0)];
        var count = counts.Min();
        var destination = Destination.Pixels.Slice(0, 0, count);
        var source = Fit(Source.Pixels.Slice(0, 0, count), destination);

        // Masks say what is transparent; alpha says what is not.
        var (colour, alpha) = PorterDuff.Compose(
            source,
            1 - Fit(sourceMasks.Slice(0, 0, count).Unsqueeze(3), destination),
            destination,
            1 - Fit(destinationMasks.Slice(0, 0, count).Unsqueeze(3), destination),
            PorterDuffModes.Parse(Mode)
        );
        return (new Image(colour), new Mask(1 - alpha.Squeeze(3)));
    }

    private static Tensor Fit(Tensor images, Tensor destination)
    {
        var (height, width) = (destination.Length(1), destination.Length(2));
        return images.Length(1) == height && images.Length(2) == width
            ? images
            : ImageScaling.Resize(images, width, height, UpscaleMethod.Bicubic, cropCentre: true);
    }
}
