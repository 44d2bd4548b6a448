using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Masks;

/// <summary>A mask with one value everywhere.</summary>
[Node("SolidMask", Category = "mask", Module = "comfy_extras.nodes_mask")]
public sealed class SolidMask : INode<Mask>
{
    [Number(0.0, 1.0, Step = 0.01)]
    public double Value { get; init; } = 1;

    [Number(1, 16384, Step = 1)]
    public int Width { get; init; } = 512;

    [Number(1, 16384, Step = 1)]
    public int Height { get; init; } = 512;

    public Mask Execute(NodeContext context) => new(Tensor.Full([1, Height, Width], Value));
}
