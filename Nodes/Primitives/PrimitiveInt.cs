using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Primitives;

/// <summary>A whole number.</summary>
[Node(
    "PrimitiveInt",
    Category = "utils/primitive",
    DisplayName = "Int",
    Module = "comfy_extras.nodes_primitive",
    Schema = NodeSchema.V3
)]
public sealed class PrimitiveInt : INode<long>
{
    [Number(-long.MaxValue, long.MaxValue, ControlAfterGenerate = true)]
    public required long Value { get; init; }

    public long Execute(NodeContext context) => Value;
}
