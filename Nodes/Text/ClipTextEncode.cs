using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Text;

/// <summary>Encodes a prompt for a diffusion model.</summary>
[Node(
    "CLIPTextEncode",
    Category = "conditioning",
    DisplayName = "CLIP Text Encode (Prompt)",
    Description = "Encodes a text prompt using a CLIP model into an embedding that can be used to guide the diffusion model towards generating specific images."
)]
[Output(0, Tooltip = "A conditioning containing the embedded text used to guide the diffusion model.")]
public sealed class ClipTextEncode : INode<Conditioning>
{
    [Text(Multiline = true, DynamicPrompts = true, Tooltip = "The text to be encoded.")]
    public required string Text { get; init; }

    [Input(Tooltip = "The CLIP model used for encoding the text.")]
    public required Clip Clip { get; init; }

    public Conditioning Execute(NodeContext context)
    {
        if (Clip is null)
        {
            throw new ArgumentException(
                "CLIPTextEncode, input 'clip': the checkpoint holds no text encoder. Load one with CLIPLoader."
            );
        }
        return Clip.Condition(Clip.Tokenize(Text, context.Warn));
    }
}
