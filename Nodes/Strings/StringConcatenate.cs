using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>Joins two texts with a third between them.</summary>
[Node(
    "StringConcatenate",
    Category = "utils/string",
    DisplayName = "Concatenate",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
public sealed class StringConcatenate : INode<string>
{
    [Text(Multiline = true)]
    public required string StringA { get; init; }

    [Text(Multiline = true)]
    public required string StringB { get; init; }

    [Text(SingleLine = true)]
    public string Delimiter { get; init; } = "";

    public string Execute(NodeContext context) => StringA + Delimiter + StringB;
}
