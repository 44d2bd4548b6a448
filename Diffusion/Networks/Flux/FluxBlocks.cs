using NodeHost.Diffusion.Attention;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Flux;

// Mirrors https://github.com/black-forest-labs/flux/blob/802fb47/src/flux/modules/layers.py (Apache-2.0). The conditioning
// vector that blocks are given has passed its SiLU once, in the model: all of them start with it.

/// <summary>Image and text tokens attend to each other jointly but keep separate weights.</summary>
internal sealed class DoubleStreamBlock(Weights w, FluxConfig config, int index)
{
    private readonly TokenStream _image = new(w["img_mod"], w["img_attn"], w["img_mlp"], config);
    private readonly TokenStream _text = new(w["txt_mod"], w["txt_attn"], w["txt_mlp"], config);
    private readonly JointAttention _attention = new(new("double", index, config.DoubleBlocks, "joint"));

    public AttentionSite Site => _attention.Site;

    public (Tensor Image, Tensor Text) Forward(Tensor image, Tensor text, Tensor conditioning, Rope rope)
    {
        var imageModulation = _image.Modulate(conditioning);
        var textModulation = _text.Modulate(conditioning);

        var textLength = text.Length(1);
        var attended = _attention.Forward(
            Projection.Concat(
                _text.Project(text, textModulation.Attention, rope.Part(0, textLength)),
                _image.Project(image, imageModulation.Attention, rope.Part(textLength))
            ),
            textLength
        ); // [B, text + image, C]

        return (
            _image.Update(image, attended.Slice(1, textLength), imageModulation),
            _text.Update(text, attended.Slice(1, 0, textLength), textModulation)
        );
    }
}

/// <summary>Text and image tokens in one sequence; attention and perceptron side by side.</summary>
/// <remarks>"Scaling Vision Transformers to 22 Billion Parameters", Dehghani et al. 2023.</remarks>
internal sealed class SingleStreamBlock(Weights w, FluxConfig config, int index)
{
    private readonly Linear _linear1 = new(w["linear1"], config.Width, 3 * config.Width + config.FeedForwardWidth);
    private readonly Linear _linear2 = new(w["linear2"], config.Width + config.FeedForwardWidth, config.Width);
    private readonly QueryKeyNorm _norm = new(w["norm"], config);
    private readonly Linear _modulation = new(w["modulation"]["lin"], config.Width, 3 * config.Width);
    private readonly JointAttention _attention = new(new("single", index, config.SingleBlocks, "joint"));

    public AttentionSite Site => _attention.Site;

    public Tensor Forward(Tensor x, long textLength, Tensor conditioning, Rope rope)
    {
        var modulation = Modulation.Split(_modulation.Forward(conditioning), count: 1)[0];
        var expanded = _linear1.Forward(modulation.Apply(x));
        var projection = _norm.Project(expanded.Slice(2, 0, 3 * config.Width), rope);

        var attended = _attention.Forward(projection, textLength);
        var activated = Functional.FastGelu(expanded.Slice(2, 3 * config.Width));
        return modulation.AddTo(x, _linear2.Forward(Tensor.Concat([attended, activated], 2)));
    }
}

/// <summary>The weights that one kind of token has in a double block.</summary>
internal sealed class TokenStream(Weights modulation, Weights attention, Weights mlp, FluxConfig config)
{
    private readonly Linear _modulation = new(modulation["lin"], config.Width, 6 * config.Width);
    private readonly Linear _qkv = new(attention["qkv"], config.Width, 3 * config.Width);
    private readonly QueryKeyNorm _norm = new(attention["norm"], config);
    private readonly Linear _proj = new(attention["proj"], config.Width, config.Width);
    private readonly Linear _mlpIn = new(mlp[0], config.Width, config.FeedForwardWidth);
    private readonly Linear _mlpOut = new(mlp[2], config.FeedForwardWidth, config.Width);

    public (Modulation Attention, Modulation Mlp) Modulate(Tensor conditioning)
    {
        var parts = Modulation.Split(_modulation.Forward(conditioning), count: 2);
        return (parts[0], parts[1]);
    }

    public Projection Project(Tensor x, Modulation modulation, Rope rope) =>
        _norm.Project(_qkv.Forward(modulation.Apply(x)), rope);

    public Tensor Update(Tensor x, Tensor attended, (Modulation Attention, Modulation Mlp) modulation)
    {
        x = modulation.Attention.AddTo(x, _proj.Forward(attended));
        var hidden = Functional.FastGelu(_mlpIn.Forward(modulation.Mlp.Apply(x)));
        return modulation.Mlp.AddTo(x, _mlpOut.Forward(hidden));
    }
}

/// <summary>Two layers that turn a vector into a part of the conditioning.</summary>
internal sealed class VectorEmbedder(Weights w, long inputs, long width)
{
    private readonly Linear _inLayer = new(w["in_layer"], inputs, width);
    private readonly Linear _outLayer = new(w["out_layer"], width, width);

    public Tensor Forward(Tensor x) => _outLayer.Forward(Functional.Silu(_inLayer.Forward(x)));
}

/// <summary>Tokens to patches of the prediction.</summary>
internal sealed class FinalLayer(Weights w, FluxConfig config)
{
    private readonly Linear _linear = new(
        w["linear"],
        config.Width,
        config.OutputChannels * FluxConfig.PatchSize * FluxConfig.PatchSize
    );
    private readonly Linear _modulation = new(w["adaLN_modulation"][1], config.Width, 2 * config.Width);

    public Tensor Forward(Tensor x, Tensor conditioning) =>
        _linear.Forward(Modulation.WithoutGate(_modulation.Forward(conditioning)).Apply(x));
}
