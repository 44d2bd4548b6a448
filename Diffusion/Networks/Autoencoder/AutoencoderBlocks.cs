using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Autoencoder;

/// <summary>Two convolutions, added to the input.</summary>
internal sealed class ResnetBlock(Weights w, long inputs, long outputs)
{
    private readonly GroupNorm _norm1 = new(w["norm1"], inputs, epsilon: 1e-6);
    private readonly Conv2d _conv1 = new(w["conv1"], inputs, outputs, kernel: 3, padding: 1);
    private readonly GroupNorm _norm2 = new(w["norm2"], outputs, epsilon: 1e-6);
    private readonly Conv2d _conv2 = new(w["conv2"], outputs, outputs, kernel: 3, padding: 1);
    private readonly Conv2d? _shortcut = inputs == outputs ? null : new(w["nin_shortcut"], inputs, outputs, kernel: 1);

    public Tensor Forward(Tensor x)
    {
        var hidden = NetworkBlock.Run(() => _conv1.Forward(Functional.Silu(_norm1.Forward(x))));
        hidden = NetworkBlock.Run(() => _conv2.Forward(Functional.Silu(_norm2.Forward(hidden))));
        return (_shortcut?.Forward(x) ?? x) + hidden;
    }
}

/// <summary>One-headed attention of all positions to each other, added to the input.</summary>
internal sealed class AttentionBlock(Weights w, long channels)
{
    private readonly GroupNorm _norm = new(w["norm"], channels, epsilon: 1e-6);
    private readonly Conv2d _query = new(w["q"], channels, channels, kernel: 1);
    private readonly Conv2d _key = new(w["k"], channels, channels, kernel: 1);
    private readonly Conv2d _value = new(w["v"], channels, channels, kernel: 1);
    private readonly Conv2d _output = new(w["proj_out"], channels, channels, kernel: 1);

    public Tensor Forward(Tensor x)
    {
        var normalised = _norm.Forward(x);
        var attended = DotProductAttention.Run(
            Tokens.Of(_query.Forward(normalised)),
            Tokens.Of(_key.Forward(normalised)),
            Tokens.Of(_value.Forward(normalised)),
            heads: 1
        );
        var map = attended.Transpose(1, 2).Reshape(x.Shape);
        // Channels stay last in memory where they were: convolutions round differently in another layout.
        return x + _output.Forward(x.Strides[1] == 1 ? map : map.Contiguous());
    }
}

/// <summary>The lowest level of both halves: attention between two residual blocks.</summary>
internal sealed class MiddleBlock(Weights w, long channels)
{
    private readonly ResnetBlock _block1 = new(w["block_1"], channels, channels);
    private readonly AttentionBlock _attention = new(w["attn_1"], channels);
    private readonly ResnetBlock _block2 = new(w["block_2"], channels, channels);

    public IEnumerable<Func<Tensor, Tensor>> Blocks => [_block1.Forward, _attention.Forward, _block2.Forward];
}

/// <summary>Halves height and width by a strided convolution, padded on the right and below.</summary>
internal sealed class Downsample(Weights w, long channels)
{
    private readonly Conv2d _conv = new(w["conv"], channels, channels, kernel: 3, stride: 2);

    public Tensor Forward(Tensor x) => _conv.Forward(x.Pad([0, 1, 0, 1]));
}

/// <summary>Doubles height and width by repetition, then smoothes by a convolution.</summary>
internal sealed class Upsample(Weights w, long channels)
{
    private readonly Conv2d _conv = new(w["conv"], channels, channels, kernel: 3, padding: 1);

    public Tensor Forward(Tensor x) =>
        _conv.Forward(Functional.Interpolate(x, x.Length(2) * 2, x.Length(3) * 2, InterpolationMode.Nearest));
}
