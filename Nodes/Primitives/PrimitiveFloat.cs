using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Primitives;

/// <summary>A number.</summary>
[Node(
    "PrimitiveFloat",
    Category = "utils/primitive",
    DisplayName = "Float",
    Module = "comfy_extras.nodes_primitive",
    Schema = NodeSchema.V3
)]
public sealed class PrimitiveFloat : INode<double>
{
    [Number(-long.MaxValue, long.MaxValue)]
    public required double Value { get; init; }

    public double Execute(NodeContext context) => Value;
}
