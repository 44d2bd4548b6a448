using Newtonsoft.Json.Linq;
using NodeHost.Graph.Contracts;
using NodeHost.Graph.Values;
using NodeHost.Nodes.Images;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Primitives;

/// <summary>Shows any value as text.</summary>
[Node(
    "PreviewAny",
    Category = "utils",
    DisplayName = "Preview Any",
    Module = "comfy_extras.nodes_preview_any",
    OutputNode = true
)]
public sealed class PreviewAny : INode<UiOutput>
{
    [Input(Type = "*", WithOptions = true)]
    public required object Source { get; init; }

    public UiOutput Execute(NodeContext context) => UiOutput.Text(Describe(Source));

    // Numbers and switches as Python prints them; of tensors only what they are, not their millions of values.
    private static string Describe(object source) =>
        source switch
        {
            string text => text,
            bool or int or long or ulong or float or double => PythonText.Str(JToken.FromObject(source)),
            JToken token => AsciiJson.Write(token),
            ITensorHolder holder => $"{source.GetType().Name}: {string.Join("; ", holder.HeldTensors)}",
            _ => source.ToString() ?? "None",
        };
}
