using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>Takes blanks off the ends of a text.</summary>
[Node(
    "StringTrim",
    Category = "utils/string",
    DisplayName = "Trim",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
public sealed class StringTrim : INode<string>
{
    [Text(Multiline = true)]
    public required string String { get; init; }

    [Choice("Both", "Left", "Right")]
    public string Mode { get; init; } = "Both";

    public string Execute(NodeContext context)
    {
        var (start, end) = (0, String.Length);
        while (Mode != "Right" && start < end && IsBlank(String[start]))
        {
            start++;
        }

        while (Mode != "Left" && end > start && IsBlank(String[end - 1]))
        {
            end--;
        }

        return String[start..end];
    }

    // Python counts the four separators of ASCII among the blanks, .NET does not.
    private static bool IsBlank(char letter) => char.IsWhiteSpace(letter) || letter is >= '\x1c' and <= '\x1f';
}
