using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Text;

/// <summary>Says how far T5's prompts are padded.</summary>
[Node(
    "T5TokenizerOptions",
    Category = "_for_testing/conditioning",
    Module = "comfy_extras.nodes_cond",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class T5TokenizerOptions : INode<Clip>
{
    [Input]
    public required Clip Clip { get; init; }

    [Number(0, 10000, Step = 1)]
    public int MinPadding { get; init; }

    [Number(0, 10000, Step = 1)]
    public int MinLength { get; init; }

    public Clip Execute(NodeContext context) =>
        Clip with
        {
            Encoder = Clip.Encoder.WithT5Padding(MinPadding, MinLength),
        };
}
