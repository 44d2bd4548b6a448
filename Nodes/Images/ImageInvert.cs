using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Images;

/// <summary>The negative.</summary>
[Node("ImageInvert", Category = "image", DisplayName = "Invert Image")]
public sealed class ImageInvert : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    public Image Execute(NodeContext context) => new(1.0 - Image.Pixels);
}
