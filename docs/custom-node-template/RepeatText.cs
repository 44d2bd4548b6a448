using NodeHost.Graph.Contracts;

namespace CustomNodes;

/// <summary>Repeats a text.</summary>
[Node("RepeatText", Category = "custom/text", DisplayName = "Repeat Text")]
public sealed class RepeatText : INode<string>
{
    [Text(Multiline = true)]
    public required string Text { get; init; }

    [Number(1, 100)]
    public int Times { get; init; } = 2;

    public string Execute(NodeContext context) => string.Concat(Enumerable.Repeat(Text, Times));
}
