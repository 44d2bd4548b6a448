using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>Replaces what a regular expression finds; the replacement may use its groups (\1, \g&lt;name&gt;).</summary>
[Node(
    "RegexReplace",
    Category = "utils/string",
    DisplayName = "Regex Replace",
    Description = "Find and replace text using regex patterns.",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
public sealed class RegexReplace : INode<string>
{
    [Text(Multiline = true)]
    public required string String { get; init; }

    [Text(Multiline = true)]
    public required string RegexPattern { get; init; }

    [Text(Multiline = true)]
    public required string Replace { get; init; }

    [Toggle(Optional = true)]
    public bool CaseInsensitive { get; init; } = true;

    [Toggle(Optional = true)]
    public bool Multiline { get; init; }

    [Toggle(
        Optional = true,
        Tooltip = "When enabled, the dot (.) character will match any character including newline characters. When disabled, dots won't match newlines."
    )]
    public bool Dotall { get; init; }

    [Number(
        0,
        100,
        Optional = true,
        Tooltip = "Maximum number of replacements to make. Set to 0 to replace all occurrences (default). Set to 1 to replace only the first match, 2 for the first two matches, etc."
    )]
    public int Count { get; init; }

    public string Execute(NodeContext context) =>
        PythonRegex.Parse(RegexPattern, CaseInsensitive, Multiline, Dotall).Replace(String, Replace, Count);
}
