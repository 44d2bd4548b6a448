using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Networks.T5;

/// <summary>The numbers of a T5 v1.1 encoder.</summary>
public sealed record T5Config
{
    public long Width { get; init; } = 4096;

    public int Heads { get; init; } = 64;

    public long HeadWidth { get; init; } = 64;

    public long FeedForwardWidth { get; init; } = 10240;

    public int Layers { get; init; } = 24;

    public long Vocabulary { get; init; } = 32128;

    /// <summary>Kinds of distance between two tokens that attention tells apart.</summary>
    public long DistanceBuckets { get; init; } = 32;

    /// <summary>T5 v1.1 XXL, one of Flux's text encoders.</summary>
    public static T5Config Xxl { get; } = new();

    /// <summary>The same architecture, small enough for tests.</summary>
    public static T5Config Tiny { get; } =
        new()
        {
            Width = 64,
            Heads = 2,
            FeedForwardWidth = 160,
            Layers = 4,
        };

    internal long AttentionWidth => Heads * HeadWidth;

    /// <summary>Reads the numbers off a checkpoint's keys and shapes.</summary>
    public static T5Config From(Weights w)
    {
        var blocks = w["encoder"]["block"];
        var attention = blocks[0]["layer"][0]["SelfAttention"];
        if (
            w["shared"].ShapeOf("weight") is not [var vocabulary, var width]
            || attention["relative_attention_bias"].ShapeOf("weight") is not [var buckets, var heads]
            || attention["q"].ShapeOf("weight") is not [var attentionWidth, _]
            || blocks[0]["layer"][1]["DenseReluDense"]["wi_0"].ShapeOf("weight") is not [var feedForwardWidth, _]
            || attentionWidth % heads != 0
        )
        {
            throw new WeightException(
                "T5: 'shared.weight' and 'encoder.block.0.*' with gated layers (wi_0, wi_1) tell the sizes, and are not all there. "
                    + "Expected an encoder of T5 v1.1."
            );
        }
        return new T5Config
        {
            Width = width,
            Heads = (int)heads,
            HeadWidth = attentionWidth / heads,
            FeedForwardWidth = feedForwardWidth,
            Layers = blocks.CountNumbered(),
            Vocabulary = vocabulary,
            DistanceBuckets = buckets,
        };
    }
}
