using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Masks;

/// <summary>1 where the mask was 0 and the other way round.</summary>
[Node("InvertMask", Category = "mask", Module = "comfy_extras.nodes_mask")]
public sealed class InvertMask : INode<Mask>
{
    [Input]
    public required Mask Mask { get; init; }

    public Mask Execute(NodeContext context) => new(1.0 - Mask.Values);
}
