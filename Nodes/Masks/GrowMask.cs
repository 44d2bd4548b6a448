using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Masks;

/// <summary>Grows a mask by pixels, or shrinks it.</summary>
[Node("GrowMask", Category = "mask", Module = "comfy_extras.nodes_mask")]
public sealed class GrowMask : INode<Mask>
{
    [Input]
    public required Mask Mask { get; init; }

    [Number(-16384, 16384, Step = 1)]
    public int Expand { get; init; }

    [Toggle]
    public bool TaperedCorners { get; init; } = true;

    public Mask Execute(NodeContext context) =>
        new(MaskMorphology.Grow(MaskShapes.AsBatch(Mask.Values), Expand, TaperedCorners, context.CancellationToken));
}
