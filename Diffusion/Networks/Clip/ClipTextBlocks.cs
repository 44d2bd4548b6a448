using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Clip;

/// <summary>Attention of tokens to those before them.</summary>
internal sealed class ClipAttention(Weights w, ClipTextConfig config)
{
    private readonly Linear _query = new(w["q_proj"], config.Width, config.Width);
    private readonly Linear _key = new(w["k_proj"], config.Width, config.Width);
    private readonly Linear _value = new(w["v_proj"], config.Width, config.Width);
    private readonly Linear _output = new(w["out_proj"], config.Width, config.Width);

    public Tensor Forward(Tensor x, Tensor mask) =>
        _output.Forward(
            DotProductAttention.Run(_query.Forward(x), _key.Forward(x), _value.Forward(x), config.Heads, mask)
        );
}

/// <summary>A two-layer perceptron.</summary>
internal sealed class ClipFeedForward(Weights w, ClipTextConfig config)
{
    private readonly Linear _expand = new(w["fc1"], config.Width, config.FeedForwardWidth);
    private readonly Linear _reduce = new(w["fc2"], config.FeedForwardWidth, config.Width);

    public Tensor Forward(Tensor x) => _reduce.Forward(Activate(_expand.Forward(x)));

    private Tensor Activate(Tensor x) => config.QuickGelu ? x * (x * 1.702).Sigmoid() : Functional.Gelu(x);
}

/// <summary>One layer of the text transformer, normalised before each half.</summary>
internal sealed class ClipLayer(Weights w, ClipTextConfig config)
{
    private readonly LayerNorm _norm1 = new(w["layer_norm1"], config.Width);
    private readonly ClipAttention _attention = new(w["self_attn"], config);
    private readonly LayerNorm _norm2 = new(w["layer_norm2"], config.Width);
    private readonly ClipFeedForward _feedForward = new(w["mlp"], config);

    public Tensor Forward(Tensor x, Tensor mask)
    {
        x += _attention.Forward(_norm1.Forward(x), mask);
        return x + _feedForward.Forward(_norm2.Forward(x));
    }
}
