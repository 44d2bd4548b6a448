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
            "UPPERCASE" => PythonCase.Upper(String),
            "lowercase" => PythonCase.Lower(String),
            "Capitalize" => PythonCase.Capitalize(String),
            "Title Case" => PythonCase.Words(String),
            _ => String,
        };
}
