using System.Text.RegularExpressions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>What a regular expression finds in a text, one find per line; nothing for a wrong expression.</summary>
[Node(
    "RegexExtract",
    Category = "utils/string",
    DisplayName = "Regex Extract",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
public sealed class RegexExtract : INode<string>
{
    [Text(Multiline = true)]
    public required string String { get; init; }

    [Text(Multiline = true)]
    public required string RegexPattern { get; init; }

    [Choice("First Match", "All Matches", "First Group", "All Groups")]
    public string Mode { get; init; } = "First Match";

    [Toggle]
    public bool CaseInsensitive { get; init; } = true;

    [Toggle]
    public bool Multiline { get; init; }

    [Toggle]
    public bool Dotall { get; init; }

    [Number(0, 100)]
    public int GroupIndex { get; init; } = 1;

    public string Execute(NodeContext context)
    {
        if (PythonRegex.TryParse(RegexPattern, CaseInsensitive, Multiline, Dotall) is not { } expression)
        {
            return "";
        }

        return Mode switch
        {
            "First Match" => expression.Find(String)?.Value ?? "",
            "All Matches" => Lines(expression.FindAll(String).Select(WholeOrFirstGroup)),
            "First Group" => expression.Find(String) is { } match && HasGroup(match)
                ? match.Groups[GroupIndex].Value
                : "",
            _ => Lines(
                expression
                    .FindAll(String)
                    .Where(match => match.Groups.Count > 1 && HasGroup(match))
                    .Select(match => match.Groups[GroupIndex].Value)
            ),
        };
    }

    // Python's findall gives the groups where there are any.
    private static string WholeOrFirstGroup(Match match) => match.Groups[match.Groups.Count > 1 ? 1 : 0].Value;

    private bool HasGroup(Match match) => match.Groups.Count > GroupIndex;

    private static string Lines(IEnumerable<string> finds) => string.Join('\n', finds);
}
