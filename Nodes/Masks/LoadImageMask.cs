using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Images;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Masks;

/// <summary>Loads one channel of a picture as a mask; alpha is inverted, so that what is transparent is masked.</summary>
[Node("LoadImageMask", Category = "mask", DisplayName = "Load Image (as Mask)")]
[Validates(nameof(Image))]
public sealed class LoadImageMask : INode<Mask>, IValidatedNode, IFingerprintedNode
{
    [Choice(typeof(InputPictures), InputPictures.AllFiles, Upload = "image")]
    public required string Image { get; init; }

    [Choice("alpha", "red", "green", "blue")]
    public required string Channel { get; init; }

    public Mask Execute(NodeContext context)
    {
        var picture = PictureFile.Decode(context, Image, FolderKind.Input);
        IReadOnlyList<PixelBuffer> first = [picture.Frames[0]];
        return Channel switch
        {
            "alpha" => new Mask(ImageTensors.AlphaToMask(first)),
            "red" => new Mask(ImageTensors.ChannelToTensor(first, 0)),
            "green" => new Mask(ImageTensors.ChannelToTensor(first, 1)),
            _ => new Mask(ImageTensors.ChannelToTensor(first, 2)),
        };
    }

    public ValidationVerdict Validate(ValidationContext context) =>
        PictureFile.Validate(context, Image, FolderKind.Input);

    public object? Fingerprint(NodeContext context) => PictureFile.Fingerprint(context, Image, FolderKind.Input);
}
