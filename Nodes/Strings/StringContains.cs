using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>Whether one text occurs in another.</summary>
[Node(
    "StringContains",
    Category = "utils/string",
    DisplayName = "Contains",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
[Output(0, Name = "contains")]
public sealed class StringContains : INode<bool>
{
    [Text(Multiline = true)]
    public required string String { get; init; }

    [Text(Multiline = true)]
    public required string Substring { get; init; }

    [Toggle]
    public bool CaseSensitive { get; init; } = true;

    public bool Execute(NodeContext context) =>
        CaseSensitive
            ? String.Contains(Substring, StringComparison.Ordinal)
            : PythonCase.Lower(String).Contains(PythonCase.Lower(Substring), StringComparison.Ordinal);
}
