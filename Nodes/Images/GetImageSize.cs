using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>The width, height and number of pictures.</summary>
[Node(
    "GetImageSize",
    Category = "image",
    DisplayName = "Get Image Size",
    Description = "Returns width and height of the image, and passes it through unchanged.",
    Module = "comfy_extras.nodes_images"
)]
public sealed class GetImageSize : INode<(long Width, long Height, long BatchSize)>
{
    [Input]
    public required Image Image { get; init; }

    [Hidden(HiddenInput.UniqueId)]
    public string? UniqueId { get; init; }

    public (long Width, long Height, long BatchSize) Execute(NodeContext context)
    {
        context.Text($"width: {Image.Width}, height: {Image.Height}\n batch size: {Image.BatchSize}");
        return (Image.Width, Image.Height, Image.BatchSize);
    }
}
