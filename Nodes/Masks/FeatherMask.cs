using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Masks;

/// <summary>Lets a mask fade out towards its edges.</summary>
[Node("FeatherMask", Category = "mask", Module = "comfy_extras.nodes_mask")]
public sealed class FeatherMask : INode<Mask>
{
    [Input]
    public required Mask Mask { get; init; }

    [Number(0, 16384, Step = 1)]
    public int Left { get; init; }

    [Number(0, 16384, Step = 1)]
    public int Top { get; init; }

    [Number(0, 16384, Step = 1)]
    public int Right { get; init; }

    [Number(0, 16384, Step = 1)]
    public int Bottom { get; init; }

    public Mask Execute(NodeContext context)
    {
        var result = MaskShapes.AsBatch(Mask.Values).Clone();
        var (height, width) = (result.Length(1), result.Length(2));
        Fade(result, 2, Math.Min(Left, width), fromEnd: false);
        Fade(result, 2, Math.Min(Right, width), fromEnd: true);
        Fade(result, 1, Math.Min(Top, height), fromEnd: false);
        Fade(result, 1, Math.Min(Bottom, height), fromEnd: true);
        return new Mask(result);
    }

    private static void Fade(Tensor mask, int dimension, long count, bool fromEnd)
    {
        for (var i = 0L; i < count; i++)
        {
            // From the end ComfyUI counts 0, -1, -2 ...: its first line is the first of the mask, not the last.
            var line = fromEnd && i > 0 ? mask.Length(dimension) - i : i;
            mask.Select(dimension, line).MultiplyInPlace((i + 1.0) / count);
        }
    }
}
