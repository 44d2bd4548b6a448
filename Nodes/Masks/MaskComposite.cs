using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Masks;

/// <summary>Combines one mask with another, where they overlap.</summary>
[Node("MaskComposite", Category = "mask", Module = "comfy_extras.nodes_mask")]
public sealed class MaskComposite : INode<Mask>
{
    [Input]
    public required Mask Destination { get; init; }

    [Input]
    public required Mask Source { get; init; }

    [Number(0, 16384, Step = 1)]
    public int X { get; init; }

    [Number(0, 16384, Step = 1)]
    public int Y { get; init; }

    [Choice("multiply", "add", "subtract", "and", "or", "xor")]
    public string Operation { get; init; } = "multiply";

    public Mask Execute(NodeContext context)
    {
        var result = MaskShapes.AsBatch(Destination.Values).Clone();
        var source = MaskShapes.AsBatch(Source.Values);
        var width = Math.Min(source.Length(2), result.Length(2) - X);
        var height = Math.Min(source.Length(1), result.Length(1) - Y);
        if (width > 0 && height > 0)
        {
            var region = result.Slice(1, Y, Y + height).Slice(2, X, X + width);
            region.Assign(Combine(region, source.Slice(1, 0, height).Slice(2, 0, width)));
        }

        return new Mask(result.Clamp(0, 1));
    }

    private Tensor Combine(Tensor destination, Tensor source) =>
        Operation switch
        {
            "multiply" => destination * source,
            "add" => destination + source,
            "subtract" => destination - source,
            "and" => IsSet(destination).BitwiseAnd(IsSet(source)),
            "or" => IsSet(destination).BitwiseOr(IsSet(source)),
            _ => IsSet(destination).BitwiseXor(IsSet(source)),
        };

    private static Tensor IsSet(Tensor mask) => mask.Round().NotEqualTo(0);
}
