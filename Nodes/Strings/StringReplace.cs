using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>Replaces every occurrence of one text by another.</summary>
[Node(
    "StringReplace",
    Category = "utils/string",
    DisplayName = "Replace",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
public sealed class StringReplace : INode<string>
{
    [Text(Multiline = true)]
    public required string String { get; init; }

    [Text(Multiline = true)]
    public required string Find { get; init; }

    [Text(Multiline = true)]
    public required string Replace { get; init; }

    // Python finds nothing, which is everywhere: before each character and at the end.
    public string Execute(NodeContext context) =>
        Find.Length > 0
            ? String.Replace(Find, Replace, StringComparison.Ordinal)
            : Replace + string.Concat(String.EnumerateRunes().Select(character => character + Replace));
}
