using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Strings;

/// <summary>Part of a text; negative positions count from its end.</summary>
[Node(
    "StringSubstring",
    Category = "utils/string",
    DisplayName = "Substring",
    Module = "comfy_extras.nodes_string",
    Schema = NodeSchema.V3
)]
public sealed class StringSubstring : INode<string>
{
    [Text(Multiline = true)]
    public required string String { get; init; }

    [Number]
    public required long Start { get; init; }

    [Number]
    public required long End { get; init; }

    // Python counts characters, not the halves in which .NET stores those beyond the basic plane.
    public string Execute(NodeContext context)
    {
        var characters = String.EnumerateRunes().ToArray();
        var start = Position(Start, characters.Length);
        var end = Position(End, characters.Length);
        return start < end ? string.Concat(characters[start..end]) : "";
    }

    private static int Position(long position, int length) =>
        (int)Math.Clamp(position < 0 ? position + length : position, 0, length);
}
