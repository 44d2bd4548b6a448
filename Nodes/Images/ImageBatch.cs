using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Joins two batches; the second is brought to the size of the first.</summary>
[Node("ImageBatch", Category = "image", DisplayName = "Batch Images")]
public sealed class ImageBatch : INode<Image>
{
    [Input]
    public required Image Image1 { get; init; }

    [Input]
    public required Image Image2 { get; init; }

    public Image Execute(NodeContext context)
    {
        // Where one has alpha, the other becomes opaque.
        var channels = Math.Max(Image1.Pixels.Length(3), Image2.Pixels.Length(3));
        var first = WithChannels(Image1.Pixels, channels);
        var second = WithChannels(Image2.Pixels, channels);
        if ((Image1.Height, Image1.Width) != (Image2.Height, Image2.Width))
        {
            second = ImageScaling.Resize(second, Image1.Width, Image1.Height, UpscaleMethod.Bilinear, cropCentre: true);
        }

        return new Image(Tensor.Concat([first, second], 0));
    }

    private static Tensor WithChannels(Tensor pixels, long channels) =>
        pixels.Length(3) == channels ? pixels : pixels.Pad([0, channels - pixels.Length(3)], 1);
}
