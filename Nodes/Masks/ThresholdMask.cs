using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Masks;

/// <summary>1 where a mask is above a value, else 0.</summary>
[Node("ThresholdMask", Category = "mask", Module = "comfy_extras.nodes_mask")]
public sealed class ThresholdMask : INode<Mask>
{
    [Input]
    public required Mask Mask { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Value { get; init; } = 0.5;

    public Mask Execute(NodeContext context) => new(Mask.Values.GreaterThan(Value).To(DType.Float32));
}
