using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Text;

/// <summary>Encodes a prompt for SDXL's refiner, with the size and the aesthetic score that it is told.</summary>
[Node(
    "CLIPTextEncodeSDXLRefiner",
    Category = "advanced/conditioning",
    Module = "comfy_extras.nodes_clip_sdxl",
    Schema = NodeSchema.V3
)]
public sealed class ClipTextEncodeSdxlRefiner : INode<Conditioning>
{
    [Number(0.0, 1000.0, Step = 0.01, Name = "ascore")]
    public double AestheticScore { get; init; } = 6.0;

    [Number(0, 16384)]
    public int Width { get; init; } = 1024;

    [Number(0, 16384)]
    public int Height { get; init; } = 1024;

    [Text(Multiline = true, DynamicPrompts = true)]
    public required string Text { get; init; }

    [Input]
    public required Clip Clip { get; init; }

    public Conditioning Execute(NodeContext context)
    {
        var sizes = new PictureSizes
        {
            Width = Width,
            Height = Height,
            AestheticScore = AestheticScore,
        };
        return Clip.Condition(Clip.Tokenize(Text, context.Warn)).Select(entry => entry with { Sizes = sizes });
    }
}
