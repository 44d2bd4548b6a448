using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>Loads a picture that an earlier run saved.</summary>
[Node(
    "LoadImageOutput",
    Category = "image",
    DisplayName = "Load Image (from Outputs)",
    Description = "Load an image from the output folder. When the refresh button is clicked, the node will update the image list and automatically select the first image, allowing for easy iteration.",
    Experimental = true
)]
[Validates(nameof(Image))]
public sealed class LoadImageOutput : INode<(Image Image, Mask Mask)>, IValidatedNode, IFingerprintedNode
{
    [Choice(Remote = true, Upload = "image")]
    [InputOption("image_folder", "\"output\"")]
    [InputOption(
        "remote",
        """{"route": "/internal/files/output", "refresh_button": true, "control_after_refresh": "first"}"""
    )]
    public required string Image { get; init; }

    // The canvas annotates names of this folder ("x.png [output]"); bare ones are input files, as in ComfyUI.
    public (Image Image, Mask Mask) Execute(NodeContext context) => PictureFile.Load(context, Image, FolderKind.Input);

    public ValidationVerdict Validate(ValidationContext context) =>
        PictureFile.Validate(context, Image, FolderKind.Input);

    public object? Fingerprint(NodeContext context) => PictureFile.Fingerprint(context, Image, FolderKind.Input);
}
