using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Primitives;

/// <summary>A line of text.</summary>
[Node(
    "PrimitiveString",
    Category = "utils/primitive",
    DisplayName = "String",
    Module = "comfy_extras.nodes_primitive",
    Schema = NodeSchema.V3
)]
public sealed class PrimitiveString : INode<string>
{
    [Text(SingleLine = true)]
    public required string Value { get; init; }

    public string Execute(NodeContext context) => Value;
}
