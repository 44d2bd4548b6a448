using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Networks.Clip;

/// <summary>The numbers of a CLIP text model.</summary>
public sealed record ClipTextConfig
{
    private const long HeadWidth = 64;

    /// <summary>OpenCLIP's text towers are deeper than OpenAI's: ViT-H has 24 layers (23 in SD2), bigG 32.</summary>
    private const int OpenClipLayers = 23;

    public long Width { get; init; } = 768;

    public long FeedForwardWidth { get; init; } = 3072;

    public int Layers { get; init; } = 12;

    public long Vocabulary { get; init; } = 49408;

    public long Positions { get; init; } = 77;

    /// <summary>OpenAI's models use x * sigmoid(1.702 x); OpenCLIP's the exact GELU.</summary>
    public bool QuickGelu { get; init; } = true;

    /// <summary>Whether the pooled vector is projected by a matrix of its own.</summary>
    public bool HasProjection { get; init; }

    /// <summary>CLIP ViT-L/14, the text encoder of SD1.5 and one of Flux's.</summary>
    public static ClipTextConfig Large { get; } = new();

    /// <summary>OpenCLIP ViT-bigG/14, one of SDXL's.</summary>
    public static ClipTextConfig BigG { get; } =
        new()
        {
            Width = 1280,
            FeedForwardWidth = 5120,
            Layers = 32,
            QuickGelu = false,
            HasProjection = true,
        };

    /// <summary>The same architecture, small enough for tests.</summary>
    public static ClipTextConfig Tiny { get; } =
        new()
        {
            Width = 64,
            FeedForwardWidth = 256,
            Layers = 4,
        };

    /// <summary>Heads are 64 wide; a model narrower than that has one.</summary>
    public int Heads => (int)Math.Max(1, Width / HeadWidth);

    /// <summary>Reads the numbers off a checkpoint's keys and shapes.</summary>
    public static ClipTextConfig From(Weights w)
    {
        var text = w["text_model"];
        if (
            text["embeddings"]["token_embedding"].ShapeOf("weight") is not [var vocabulary, var width]
            || text["embeddings"]["position_embedding"].ShapeOf("weight") is not [var positions, _]
            || text["encoder"]["layers"][0]["mlp"]["fc1"].ShapeOf("weight") is not [var feedForwardWidth, _]
        )
        {
            throw new WeightException(
                "CLIP: token and position embeddings and 'encoder.layers.0.mlp.fc1' are needed; this text encoder is not supported."
            );
        }
        if (width > HeadWidth && width % HeadWidth != 0)
        {
            throw new WeightException($"CLIP: a width of {width} cannot be split into heads of {HeadWidth}.");
        }
        var layers = text["encoder"]["layers"].CountNumbered();
        return new ClipTextConfig
        {
            Width = width,
            FeedForwardWidth = feedForwardWidth,
            Layers = layers,
            Vocabulary = vocabulary,
            Positions = positions,
            QuickGelu = layers < OpenClipLayers,
            HasProjection = w["text_projection"].Has("weight"),
        };
    }
}
