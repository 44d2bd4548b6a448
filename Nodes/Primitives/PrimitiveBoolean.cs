using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Primitives;

/// <summary>Yes or no.</summary>
[Node(
    "PrimitiveBoolean",
    Category = "utils/primitive",
    DisplayName = "Boolean",
    Module = "comfy_extras.nodes_primitive",
    Schema = NodeSchema.V3
)]
public sealed class PrimitiveBoolean : INode<bool>
{
    [Toggle]
    public required bool Value { get; init; }

    public bool Execute(NodeContext context) => Value;
}
