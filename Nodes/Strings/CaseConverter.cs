using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>Changes between small and capital letters.</summary>
[Node(
    "CaseConverter",
    Category = "utils/string",
    DisplayName = "Case Converter",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
public sealed class CaseConverter : INode<string>
{
    [Text(Multiline = true)]
    public required string String { get; init; }

    [Choice("UPPERCASE", "lowercase", "Capitalize", "Title Case")]
    public string Mode { get; init; } = "UPPERCASE";

    public string Execute(NodeContext context) =>
        Mode switch
        {
            "UPPERCASE" => String.ToUpperInvariant(),
            "lowercase" => String.ToLowerInvariant(),
            "Capitalize" => CapitaliseFirst(String),
            "Title Case" => CapitaliseWords(String),
            _ => String,
        };

    private static string CapitaliseFirst(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    // A word begins with every letter that does not follow one, so "they're" becomes "They'Re", as in Python.
    private static string CapitaliseWords(string text) =>
        string.Create(
            text.Length,
            text,
            (target, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                {
                    var continues = i > 0 && char.IsLetter(source[i - 1]);
                    target[i] = continues ? char.ToLowerInvariant(source[i]) : char.ToUpperInvariant(source[i]);
                }
            }
        );
}
