using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>How many characters a text has.</summary>
[Node(
    "StringLength",
    Category = "utils/string",
    DisplayName = "Length",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
[Output(0, Name = "length")]
public sealed class StringLength : INode<long>
{
    [Text(Multiline = true)]
    public required string String { get; init; }

    public long Execute(NodeContext context) => String.EnumerateRunes().Count();
}
