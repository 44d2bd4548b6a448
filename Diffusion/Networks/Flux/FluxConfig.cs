using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Networks.Flux;

/// <summary>The numbers of a Flux transformer.</summary>
public sealed record FluxConfig
{
    /// <summary>Latent elements along each side of a patch, which is one token.</summary>
    public const int PatchSize = 2;

    /// <summary>Channels of the network's input: the latent's, and what inpainting models put behind it.</summary>
    public long InputChannels { get; init; } = 16;

    public long OutputChannels { get; init; } = 16;

    public long Width { get; init; } = 3072;

    public long HeadWidth { get; init; } = 128;

    public long FeedForwardWidth { get; init; } = 12288;

    public long ContextWidth { get; init; } = 4096;

    public long VectorWidth { get; init; } = 768;

    public int DoubleBlocks { get; init; } = 19;

    public int SingleBlocks { get; init; } = 38;

    /// <summary>Whether the guidance strength was distilled into the model (dev and its kin, not schnell).</summary>
    public bool HasGuidance { get; init; } = true;

    /// <summary>FLUX.1-dev, Krea and Kontext.</summary>
    public static FluxConfig Dev { get; } = new();

    /// <summary>FLUX.1-schnell.</summary>
    public static FluxConfig Schnell { get; } = new() { HasGuidance = false };

    /// <summary>FLUX.1-Fill: 16 channels of the masked picture and 64 of the mask behind the latent.</summary>
    public static FluxConfig Fill { get; } = new() { InputChannels = 96 };

    /// <summary>The same architecture, small enough for tests.</summary>
    public static FluxConfig Tiny { get; } =
        new()
        {
            Width = 96,
            HeadWidth = 32,
            FeedForwardWidth = 384,
            ContextWidth = 64,
            VectorWidth = 128,
            DoubleBlocks = 2,
            SingleBlocks = 4,
        };

    public int Heads => (int)(Width / HeadWidth);

    /// <summary>Features of a head that turn with a token's index, row and column.</summary>
    public IReadOnlyList<long> AxisWidths => [HeadWidth / 8, HeadWidth / 16 * 7, HeadWidth / 16 * 7];

    /// <summary>Reads the numbers off a checkpoint's keys and shapes.</summary>
    public static FluxConfig From(Weights w)
    {
        var first = w["double_blocks"][0];
        if (
            w["img_in"].ShapeOf("weight") is not [var width, var inputs]
            || w["txt_in"].ShapeOf("weight") is not [_, var contextWidth]
            || w["vector_in"]["in_layer"].ShapeOf("weight") is not [_, var vectorWidth]
            || w["final_layer"]["linear"].ShapeOf("weight") is not [var outputs, _]
            || first["img_attn"]["norm"]["key_norm"].ShapeOf("scale") is not [var headWidth]
            || first["img_mlp"][0].ShapeOf("weight") is not [var feedForwardWidth, _]
        )
        {
            throw new WeightException(
                "Flux: 'img_in.weight', 'txt_in.weight', 'vector_in.in_layer.weight', 'final_layer.linear.weight' and "
                    + "'double_blocks.0.*' tell the sizes, and are not all there. The file is incomplete or belongs to another model."
            );
        }
        if (headWidth % 32 != 0 || width % headWidth != 0)
        {
            throw new WeightException(
                $"Flux: heads of {headWidth} in a width of {width} are not supported; the width must be a multiple of the head's, "
                    + "which must be one of 32."
            );
        }
        return new FluxConfig
        {
            InputChannels = inputs / (PatchSize * PatchSize),
            OutputChannels = outputs / (PatchSize * PatchSize),
            Width = width,
            HeadWidth = headWidth,
            FeedForwardWidth = feedForwardWidth,
            ContextWidth = contextWidth,
            VectorWidth = vectorWidth,
            DoubleBlocks = w["double_blocks"].CountNumbered(),
            SingleBlocks = w["single_blocks"].CountNumbered(),
            HasGuidance = w["guidance_in"]["in_layer"].Has("weight"),
        };
    }
}
