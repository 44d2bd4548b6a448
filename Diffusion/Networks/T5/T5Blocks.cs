using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.T5;

/// <summary>One layer of the encoder, normalised before each half.</summary>
internal sealed class T5Block(Weights w, T5Config config)
{
    private readonly T5Norm _norm1 = new(w[0]["layer_norm"], config.Width);
    private readonly T5Attention _attention = new(w[0]["SelfAttention"], config);
    private readonly T5Norm _norm2 = new(w[1]["layer_norm"], config.Width);
    private readonly T5FeedForward _feedForward = new(w[1]["DenseReluDense"], config);

    public Tensor Forward(Tensor x, Tensor positionBias)
    {
        x += _attention.Forward(_norm1.Forward(x), positionBias);
        return x + _feedForward.Forward(_norm2.Forward(x));
    }
}

/// <summary>Normalises to a root mean square of one; there is no mean and no shift.</summary>
internal sealed class T5Norm(Weights w, long width)
{
    private readonly Weight _weight = w.Tensor("weight", width);

    public Tensor Forward(Tensor x) => Functional.RmsNorm(x, _weight.As(x));
}

/// <summary>Attention whose scores are not scaled, but shifted by the tokens' distance.</summary>
internal sealed class T5Attention(Weights w, T5Config config)
{
    private readonly Linear _query = new(w["q"], config.Width, config.AttentionWidth, bias: false);
    private readonly Linear _key = new(w["k"], config.Width, config.AttentionWidth, bias: false);
    private readonly Linear _value = new(w["v"], config.Width, config.AttentionWidth, bias: false);
    private readonly Linear _output = new(w["o"], config.AttentionWidth, config.Width, bias: false);

    /// <summary>What dot-product attention will divide by.</summary>
    private readonly double _scale = Math.Sqrt(config.HeadWidth);

    public Tensor Forward(Tensor x, Tensor positionBias) =>
        _output.Forward(
            DotProductAttention.Run(
                _query.Forward(x) * _scale,
                _key.Forward(x),
                _value.Forward(x),
                config.Heads,
                positionBias
            )
        );
}

/// <summary>A perceptron whose hidden layer is gated by a second one.</summary>
/// <remarks>"GLU Variants Improve Transformer", Shazeer 2020.</remarks>
internal sealed class T5FeedForward(Weights w, T5Config config)
{
    private readonly Linear _gate = new(w["wi_0"], config.Width, config.FeedForwardWidth, bias: false);
    private readonly Linear _expand = new(w["wi_1"], config.Width, config.FeedForwardWidth, bias: false);
    private readonly Linear _reduce = new(w["wo"], config.FeedForwardWidth, config.Width, bias: false);

    public Tensor Forward(Tensor x) =>
        _reduce.Forward(Functional.Gelu(_gate.Forward(x), tanh: true) * _expand.Forward(x));
}

/// <summary>What attention adds to the score of two tokens for the distance between them, per head.</summary>
internal sealed class T5PositionBias(Weights w, T5Config config)
{
    /// <summary>Distances from here on are all the same.</summary>
    private const double MaxDistance = 128;

    private readonly Weight _weight = w.Tensor("weight", config.DistanceBuckets, config.Heads);

    /// <summary>[heads, tokens, tokens] in the type and on the device of <paramref name="like"/>.</summary>
    public Tensor Forward(long tokens, Tensor like)
    {
        using var scope = new TensorScope();
        var places = Tensor.Arange(0, tokens, dtype: DType.Int64, device: like.Device);
        var distance = places.Unsqueeze(0) - places.Unsqueeze(1);
        var bias = Functional.Embedding(_weight.Value, BucketOf(distance)).To(like.DType);
        return scope.Keep(bias.Permute(2, 0, 1).Contiguous());
    }

    /// <summary>Half of the buckets look back and half ahead; near distances have one each, far ones share by logarithm.</summary>
    private Tensor BucketOf(Tensor distance)
    {
        var half = config.DistanceBuckets / 2;
        var exact = half / 2;
        var length = distance.Abs();
        var logarithm = (length.To(DType.Float32) / exact).Log() / Math.Log(MaxDistance / exact) * (half - exact);
        var far = (logarithm.To(DType.Int64) + exact).Clamp(null, half - 1);
        return distance.GreaterThan(0).To(DType.Int64) * half + length.LessThan(exact).Where(length, far);
    }
}
