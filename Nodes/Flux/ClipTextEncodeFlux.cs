using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Flux;

/// <summary>Encodes a prompt for each of Flux's text encoders, with the guidance strength.</summary>
[Node(
    "CLIPTextEncodeFlux",
    Category = "advanced/conditioning/flux",
    Module = "comfy_extras.nodes_flux",
    Schema = NodeSchema.V3
)]
public sealed class ClipTextEncodeFlux : INode<Conditioning>
{
    private const string T5Part = "t5xxl";

    [Input]
    public required Clip Clip { get; init; }

    [Text(Multiline = true, DynamicPrompts = true)]
    public required string ClipL { get; init; }

    [Text(Multiline = true, DynamicPrompts = true)]
    public required string T5xxl { get; init; }

    [Number(0.0, 100.0, Step = 0.1)]
    public double Guidance { get; init; } = 3.5;

    public Conditioning Execute(NodeContext context)
    {
        var words = Clip.Tokenize(ClipL, context.Warn);
        if (!Clip.Tokenize(T5xxl, context.Warn).Chunks.TryGetValue(T5Part, out var sequence))
        {
            throw new ArgumentException(
                $"CLIPTextEncodeFlux, input 'clip': expected Flux's text encoders (CLIP-L and T5), got {Clip.Encoder.Name}. "
                    + "Load both with DualCLIPLoader, type flux."
            );
        }
        var prompt = new TokenizedPrompt(
            words
                .Chunks.Where(chunks => chunks.Key != T5Part)
                .Append(new(T5Part, sequence))
                .ToDictionary(StringComparer.Ordinal)
        );
        return Clip.Condition(prompt).Select(entry => entry with { Guidance = Guidance });
    }
}
