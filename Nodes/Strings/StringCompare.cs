using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>Compares two texts, or the beginning or end of the first with the second.</summary>
[Node(
    "StringCompare",
    Category = "utils/string",
    DisplayName = "Compare",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
public sealed class StringCompare : INode<bool>
{
    [Text(Multiline = true)]
    public required string StringA { get; init; }

    [Text(Multiline = true)]
    public required string StringB { get; init; }

    [Choice("Starts With", "Ends With", "Equal")]
    public string Mode { get; init; } = "Starts With";

    [Toggle]
    public bool CaseSensitive { get; init; } = true;

    public bool Execute(NodeContext context)
    {
        var (first, second) = CaseSensitive
            ? (StringA, StringB)
            : (PythonCase.Lower(StringA), PythonCase.Lower(StringB));
        return Mode switch
        {
            "Equal" => first == second,
            "Starts With" => first.StartsWith(second, StringComparison.Ordinal),
            _ => first.EndsWith(second, StringComparison.Ordinal),
        };
    }
}
