using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Masks;

/// <summary>A mask as a grey picture.</summary>
[Node("MaskToImage", Category = "mask", DisplayName = "Convert Mask to Image", Module = "comfy_extras.nodes_mask")]
public sealed class MaskToImage : INode<Image>
{
    [Input]
    public required Mask Mask { get; init; }

    public Image Execute(NodeContext context) => new(MaskShapes.AsPictures(Mask.Values));
}
