using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Networks.UNet;

/// <summary>The numbers of a latent diffusion UNet.</summary>
public sealed record UNetConfig
{
    public long InputChannels { get; init; } = 4;

    public long OutputChannels { get; init; } = 4;

    public long ModelChannels { get; init; } = 320;

    /// <summary>Channels of each level, as multiples of <see cref="ModelChannels"/>.</summary>
    public IReadOnlyList<int> Multipliers { get; init; } = [1, 2, 4, 4];

    /// <summary>Residual blocks of each level on the way down; one more on the way up.</summary>
    public IReadOnlyList<int> ResBlocks { get; init; } = [2, 2, 2, 2];

    /// <summary>Transformer layers in each block of a level; 0 where a level has no attention.</summary>
    public IReadOnlyList<int> TransformerDepths { get; init; } = [1, 1, 1, 0];

    public int MiddleDepth { get; init; } = 1;

    /// <summary>Width of the encoded text.</summary>
    public long ContextWidth { get; init; } = 768;

    /// <summary>Fixed number of heads; null where heads are <see cref="HeadWidth"/> wide.</summary>
    public int? HeadCount { get; init; } = 8;

    public long HeadWidth { get; init; } = 64;

    /// <summary>Width of the embedded time.</summary>
    public long EmbeddingWidth { get; init; } = 1280;

    /// <summary>Whether transformers are entered and left by linear layers instead of 1x1 convolutions.</summary>
    public bool LinearProjections { get; init; }

    /// <summary>Width of the pooled conditioning vector (SDXL); 0 without one.</summary>
    public long VectorWidth { get; init; }

    public static UNetConfig Sd15 { get; } = new();

    public static UNetConfig Sd15Inpainting { get; } = new() { InputChannels = 9 };

    public static UNetConfig SdxlBase { get; } =
        new()
        {
            Multipliers = [1, 2, 4],
            ResBlocks = [2, 2, 2],
            TransformerDepths = [0, 2, 10],
            MiddleDepth = 10,
            ContextWidth = 2048,
            HeadCount = null,
            LinearProjections = true,
            VectorWidth = 2816,
        };

    public static UNetConfig SdxlRefiner { get; } =
        new()
        {
            ModelChannels = 384,
            EmbeddingWidth = 1536,
            TransformerDepths = [0, 4, 4, 0],
            MiddleDepth = 4,
            ContextWidth = 1280,
            HeadCount = null,
            LinearProjections = true,
            VectorWidth = 2560,
        };

    /// <summary>The same architecture, small enough for tests.</summary>
    public static UNetConfig Tiny { get; } =
        new()
        {
            ModelChannels = 32,
            EmbeddingWidth = 128,
            Multipliers = [1, 1, 1, 2],
            ContextWidth = 64,
        };

    /// <summary>Heads of a level; one narrower than <see cref="HeadWidth"/> has one.</summary>
    public int HeadsOf(long channels) => HeadCount ?? (int)Math.Max(1, channels / HeadWidth);

    public bool Equals(UNetConfig? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public override string ToString() =>
        $"{InputChannels}>{OutputChannels} channels, model {ModelChannels}/{EmbeddingWidth} x [{string.Join(',', Multipliers)}], "
        + $"blocks [{string.Join(',', ResBlocks)}], transformers [{string.Join(',', TransformerDepths)}]+{MiddleDepth}, "
        + $"context {ContextWidth}, heads {HeadCount?.ToString() ?? $"of {HeadWidth}"}, linear {LinearProjections}, vector {VectorWidth}";

    /// <summary>Reads the numbers off a checkpoint's keys and shapes.</summary>
    public static UNetConfig From(Weights w)
    {
        var first = w["input_blocks"][0][0].ShapeOf("weight");
        var last = w["out"][2].ShapeOf("weight");
        if (first is not [var modelChannels, var inputChannels, _, _] || last is not [var outputChannels, ..])
        {
            throw new WeightException(
                "UNet: 'input_blocks.0.0.weight' and 'out.2.weight' must be convolution weights; the file is no UNet of Stable Diffusion's layout."
            );
        }
        var embeddingWidth = w["time_embed"][0].ShapeOf("weight") is [var width, _] ? width : modelChannels * 4;
        var levels = ReadLevels(w["input_blocks"], modelChannels);
        var transformer = FirstTransformer(w);
        var linear = transformer?["proj_in"].ShapeOf("weight") is [_, _];
        return new UNetConfig
        {
            InputChannels = inputChannels,
            OutputChannels = outputChannels,
            ModelChannels = modelChannels,
            EmbeddingWidth = embeddingWidth,
            Multipliers = [.. levels.Select(level => level.Multiplier)],
            ResBlocks = [.. levels.Select(level => level.ResBlocks)],
            TransformerDepths = [.. levels.Select(level => level.Depth)],
            MiddleDepth = w["middle_block"][1]["transformer_blocks"].CountNumbered(),
            ContextWidth = transformer?["transformer_blocks"][0]["attn2"]["to_k"].ShapeOf("weight") is [_, var context]
                ? context
                : 0,
            // SD1 splits every width into 8 heads; SD2 and SDXL, which enter transformers linearly, use heads of 64.
            HeadCount = linear ? null : 8,
            LinearProjections = linear,
            VectorWidth = w["label_emb"][0][0].ShapeOf("weight") is [_, var vector] ? vector : 0,
        };
    }

    private static List<(int Multiplier, int ResBlocks, int Depth)> ReadLevels(Weights blocks, long modelChannels)
    {
        var levels = new List<(int Multiplier, int ResBlocks, int Depth)> { (0, 0, 0) };
        for (var index = 1; blocks.HasUnder($"{index}"); index++)
        {
            if (blocks[index][0]["op"].Has("weight"))
            {
                levels.Add((0, 0, 0));
                continue;
            }
            if (blocks[index][0]["in_layers"][2].ShapeOf("weight") is not [var channels, ..])
            {
                throw new WeightException(
                    $"UNet: '{blocks[index]}' is neither a residual block nor a downsampling; this architecture is not supported."
                );
            }
            var depth = blocks[index][1]["transformer_blocks"].CountNumbered();
            levels[^1] = ((int)(channels / modelChannels), levels[^1].ResBlocks + 1, depth);
        }
        return levels;
    }

    private static Weights? FirstTransformer(Weights w)
    {
        var blocks = w["input_blocks"];
        for (var index = 1; blocks.HasUnder($"{index}"); index++)
        {
            if (blocks[index][1].HasUnder("transformer_blocks"))
            {
                return blocks[index][1];
            }
        }
        return w["middle_block"][1].HasUnder("transformer_blocks") ? w["middle_block"][1] : null;
    }
}
