using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Loads a picture from the input folder; animated ones become a batch.</summary>
[Node("LoadImage", Category = "image", DisplayName = "Load Image")]
[Validates(nameof(Image))]
public sealed class LoadImage : INode<(Image Image, Mask Mask)>, IValidatedNode, IFingerprintedNode
{
    [Choice(typeof(InputPictures), Upload = "image")]
    public required string Image { get; init; }

    public (Image Image, Mask Mask) Execute(NodeContext context) => PictureFile.Load(context, Image, FolderKind.Input);

    public ValidationVerdict Validate(ValidationContext context) =>
        PictureFile.Validate(context, Image, FolderKind.Input);

    public object? Fingerprint(NodeContext context) => PictureFile.Fingerprint(context, Image, FolderKind.Input);
}
