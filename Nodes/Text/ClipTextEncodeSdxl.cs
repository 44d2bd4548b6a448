using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Text;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Text;

/// <summary>Encodes a prompt for each of SDXL's text encoders, with the sizes that the model is told.</summary>
[Node(
    "CLIPTextEncodeSDXL",
    Category = "advanced/conditioning",
    Module = "comfy_extras.nodes_clip_sdxl",
    Schema = NodeSchema.V3
)]
public sealed class ClipTextEncodeSdxl : INode<Conditioning>
{
    [Input]
    public required Clip Clip { get; init; }

    [Number(0, 16384)]
    public int Width { get; init; } = 1024;

    [Number(0, 16384)]
    public int Height { get; init; } = 1024;

    [Number(0, 16384, Name = "crop_w")]
    public int CropWidth { get; init; }

    [Number(0, 16384, Name = "crop_h")]
    public int CropHeight { get; init; }

    [Number(0, 16384)]
    public int TargetWidth { get; init; } = 1024;

    [Number(0, 16384)]
    public int TargetHeight { get; init; } = 1024;

    [Text(Multiline = true, DynamicPrompts = true)]
    public required string TextG { get; init; }

    [Text(Multiline = true, DynamicPrompts = true)]
    public required string TextL { get; init; }

    public Conditioning Execute(NodeContext context)
    {
        var wide = Clip.Tokenize(TextG, context.Warn).Chunks;
        if (!wide.ContainsKey(SdxlTextEncoder.G))
        {
            throw new ArgumentException(
                $"CLIPTextEncodeSDXL, input 'clip': expected SDXL's text encoders (CLIP-L and CLIP-G), got {Clip.Encoder.Name}. "
                    + "Load an SDXL checkpoint, or both encoders with DualCLIPLoader, type sdxl."
            );
        }
        var prompt = new Dictionary<string, IReadOnlyList<PromptToken[]>>(wide);
        if (Clip.Tokenize(TextL, context.Warn).Chunks.TryGetValue(SdxlTextEncoder.L, out var narrow))
        {
            var empty = Clip.Tokenize("").Chunks;
            prompt[SdxlTextEncoder.L] = Lengthen(narrow, wide[SdxlTextEncoder.G].Count, empty[SdxlTextEncoder.L]);
            prompt[SdxlTextEncoder.G] = Lengthen(wide[SdxlTextEncoder.G], narrow.Count, empty[SdxlTextEncoder.G]);
        }
        var sizes = new PictureSizes
        {
            Width = Width,
            Height = Height,
            CropWidth = CropWidth,
            CropHeight = CropHeight,
            TargetWidth = TargetWidth,
            TargetHeight = TargetHeight,
        };
        return Clip.Condition(new TokenizedPrompt(prompt)).Select(entry => entry with { Sizes = sizes });
    }

    /// <summary>Chunks of the empty prompt behind the shorter of two texts.</summary>
    private static IReadOnlyList<PromptToken[]> Lengthen(
        IReadOnlyList<PromptToken[]> chunks,
        int count,
        IReadOnlyList<PromptToken[]> empty
    ) => [.. chunks, .. Enumerable.Repeat(empty[0], Math.Max(0, count - chunks.Count))];
}
