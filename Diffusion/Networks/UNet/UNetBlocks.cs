using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.UNet;

/// <summary>Two convolutions around the time embedding, added to the input.</summary>
internal sealed class ResBlock(Weights w, long inputs, long outputs, long embeddingWidth)
{
    private readonly GroupNorm _inputNorm = new(w["in_layers"][0], inputs, epsilon: 1e-5);
    private readonly Conv2d _inputConv = new(w["in_layers"][2], inputs, outputs, kernel: 3, padding: 1);
    private readonly Linear _embedding = new(w["emb_layers"][1], embeddingWidth, outputs);
    private readonly GroupNorm _outputNorm = new(w["out_layers"][0], outputs, epsilon: 1e-5);
    private readonly Conv2d _outputConv = new(w["out_layers"][3], outputs, outputs, kernel: 3, padding: 1);
    private readonly Conv2d? _skip = inputs == outputs ? null : new(w["skip_connection"], inputs, outputs, kernel: 1);

    public Tensor Forward(Tensor x, Tensor embedding)
    {
        var hidden = _inputConv.Forward(Functional.Silu(_inputNorm.Forward(x)));
        hidden += _embedding.Forward(Functional.Silu(embedding)).Unsqueeze(-1).Unsqueeze(-1);
        hidden = _outputConv.Forward(Functional.Silu(_outputNorm.Forward(hidden)));
        return (_skip?.Forward(x) ?? x) + hidden;
    }
}

/// <summary>Attention of tokens to each other, or to a context.</summary>
internal sealed class CrossAttention(Weights w, long width, long contextWidth, int heads, AttentionSite site)
{
    private readonly Linear _query = new(w["to_q"], width, width, bias: false);
    private readonly Linear _key = new(w["to_k"], contextWidth, width, bias: false);
    private readonly Linear _value = new(w["to_v"], contextWidth, width, bias: false);
    private readonly Linear _output = new(w["to_out"][0], width, width);

    /// <param name="x">[B, tokens, C]</param>
    /// <param name="context">[B, tokens, C]; null: attention to x itself.</param>
    public Tensor Forward(Tensor x, Tensor? context = null) => BlockHooks.Attend(site, x, context, Attend);

    private Tensor Attend(Tensor x, Tensor? context)
    {
        var (query, source) = (_query.Forward(x), context ?? x);
        var (key, value) = (_key.Forward(source), _value.Forward(source));
        var attended = DotProductAttention.Run(query, key, value, heads);
        var seen = new AttentionInputs(query, key, value, heads);
        return _output.Forward(AttentionHooks.Apply(site, attended, Range.All, seen));
    }
}

/// <summary>A two-layer perceptron whose first layer is gated ("GLU Variants Improve Transformer", Shazeer 2020).</summary>
internal sealed class GatedFeedForward(Weights w, long width)
{
    private readonly Linear _project = new(w["net"][0]["proj"], width, width * 8);
    private readonly Linear _output = new(w["net"][2], width * 4, width);

    public Tensor Forward(Tensor x)
    {
        var halves = _project.Forward(x).Chunk(2, -1);
        return _output.Forward(halves[0] * Functional.Gelu(halves[1]));
    }
}

/// <summary>Self-attention, attention to the text, feed-forward; each added to its input.</summary>
internal sealed class TransformerLayer(Weights w, long width, long contextWidth, int heads, AttentionSite site)
{
    private readonly LayerNorm _selfNorm = new(w["norm1"], width);
    private readonly CrossAttention _self = new(w["attn1"], width, width, heads, site with { Layer = "attn1" });
    private readonly LayerNorm _crossNorm = new(w["norm2"], width);
    private readonly CrossAttention _cross = new(w["attn2"], width, contextWidth, heads, site with { Layer = "attn2" });
    private readonly LayerNorm _feedNorm = new(w["norm3"], width);
    private readonly GatedFeedForward _feed = new(w["ff"], width);

    public Tensor Forward(Tensor x, Tensor context)
    {
        x += _self.Forward(_selfNorm.Forward(x));
        x += _cross.Forward(_crossNorm.Forward(x), context);
        return x + _feed.Forward(_feedNorm.Forward(x));
    }
}

/// <summary>Transformer layers over the positions of a feature map, added to it.</summary>
internal sealed class SpatialTransformer(Weights w, UNetConfig config, long channels, int depth, AttentionSite site)
{
    private readonly GroupNorm _norm = new(w["norm"], channels, epsilon: 1e-6);
    private readonly TransformerDoor _enter = new(w["proj_in"], channels, config.LinearProjections);
    private readonly TransformerLayer[] _layers =
    [
        .. Enumerable
            .Range(0, depth)
            .Select(index => new TransformerLayer(
                w["transformer_blocks"][index],
                channels,
                config.ContextWidth,
                config.HeadsOf(channels),
                site with
                {
                    TransformerIndex = index,
                }
            )),
    ];
    private readonly TransformerDoor _leave = new(w["proj_out"], channels, config.LinearProjections);

    public Tensor Forward(Tensor x, Tensor context)
    {
        var tokens = _enter.ToTokens(_norm.Forward(x)); // [B, HW, C]
        foreach (var layer in _layers)
        {
            tokens = layer.Forward(tokens, context);
        }
        return x + _leave.ToMap(tokens, x.Length(2), x.Length(3));
    }
}

/// <summary>A projection between feature map and tokens: a 1x1 convolution of the map (SD1), or linear on tokens (SD2 on).</summary>
internal sealed class TransformerDoor(Weights w, long channels, bool isLinear)
{
    private readonly Linear? _linear = isLinear ? new(w, channels, channels) : null;
    private readonly Conv2d? _convolution = isLinear ? null : new(w, channels, channels, kernel: 1);

    public Tensor ToTokens(Tensor map) => _linear?.Forward(Tokens.Of(map)) ?? Tokens.Of(_convolution!.Forward(map));

    public Tensor ToMap(Tensor tokens, long height, long width) =>
        _convolution?.Forward(Tokens.ToMap(tokens, height, width))
        ?? Tokens.ToMap(_linear!.Forward(tokens), height, width);
}

/// <summary>A residual block, with a transformer behind it where its level has attention.</summary>
internal sealed class UNetBlock(
    Weights w,
    UNetConfig config,
    long inputs,
    long outputs,
    int transformerDepth,
    AttentionSite site
)
{
    private readonly ResBlock _residual = new(w[0], inputs, outputs, config.EmbeddingWidth);
    private readonly SpatialTransformer? _transformer =
        transformerDepth == 0 ? null : new(w[1], config, outputs, transformerDepth, site);

    public Tensor Forward(Tensor x, Tensor embedding, Tensor context)
    {
        x = _residual.Forward(x, embedding);
        return _transformer?.Forward(x, context) ?? x;
    }
}
