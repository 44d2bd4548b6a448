using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Masks;

/// <summary>Cuts a rectangle out of a mask; what lies beyond it is left off.</summary>
[Node("CropMask", Category = "mask", Module = "comfy_extras.nodes_mask")]
public sealed class CropMask : INode<Mask>
{
    [Input]
    public required Mask Mask { get; init; }

    [Number(0, 16384, Step = 1)]
    public int X { get; init; }

    [Number(0, 16384, Step = 1)]
    public int Y { get; init; }

    [Number(1, 16384, Step = 1)]
    public int Width { get; init; } = 512;

    [Number(1, 16384, Step = 1)]
    public int Height { get; init; } = 512;

    public Mask Execute(NodeContext context)
    {
        var mask = MaskShapes.AsBatch(Mask.Values);
        return X < mask.Length(2) && Y < mask.Length(1)
            ? new Mask(mask.Slice(1, Y, Y + Height).Slice(2, X, X + Width))
            : throw new ImageException(
                $"CropMask, inputs 'x' and 'y': expected a point inside {mask}, given ({X}, {Y}). Choose smaller ones."
            );
    }
}
