using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>Whether a regular expression occurs in a text; a wrong expression occurs nowhere.</summary>
[Node(
    "RegexMatch",
    Category = "utils/string",
    DisplayName = "Regex Match",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
[Output(0, Name = "matches")]
public sealed class RegexMatch : INode<bool>
{
    [Text(Multiline = true)]
    public required string String { get; init; }

    [Text(Multiline = true)]
    public required string RegexPattern { get; init; }

    [Toggle]
    public bool CaseInsensitive { get; init; } = true;

    [Toggle]
    public bool Multiline { get; init; }

    [Toggle]
    public bool Dotall { get; init; }

    public bool Execute(NodeContext context) =>
        PythonRegex.TryParse(RegexPattern, CaseInsensitive, Multiline, Dotall) is { } expression
        && expression.Find(String) is not null;
}
