using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Text;

/// <summary>Gives prompts a text of its own for the ControlNet that goes with them.</summary>
[Node(
    "CLIPTextEncodeControlnet",
    Category = "_for_testing/conditioning",
    Module = "comfy_extras.nodes_cond",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class ClipTextEncodeControlnet : INode<Conditioning>
{
    [Input]
    public required Clip Clip { get; init; }

    [Input]
    public required Conditioning Conditioning { get; init; }

    [Text(Multiline = true, DynamicPrompts = true)]
    public required string Text { get; init; }

    public Conditioning Execute(NodeContext context)
    {
        var encoded = Clip.Encode(Text, context.Warn);
        return Conditioning.Select(entry =>
            entry with
            {
                ControlNetContext = encoded.Cond,
                ControlNetPooled = encoded.Pooled,
            }
        );
    }
}
