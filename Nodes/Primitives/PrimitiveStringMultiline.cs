using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Primitives;

/// <summary>A text.</summary>
[Node(
    "PrimitiveStringMultiline",
    Category = "utils/primitive",
    DisplayName = "String (Multiline)",
    Module = "comfy_extras.nodes_primitive",
    Schema = NodeSchema.V3
)]
public sealed class PrimitiveStringMultiline : INode<string>
{
    [Text(Multiline = true)]
    public required string Value { get; init; }

    public string Execute(NodeContext context) => Value;
}
