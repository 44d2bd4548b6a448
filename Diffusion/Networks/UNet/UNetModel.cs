using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.UNet;

/// <summary>The denoising UNet of Stable Diffusion: predicts the noise in a latent, given time and encoded text.</summary>
/// <remarks>
/// "High-Resolution Image Synthesis with Latent Diffusion Models", Rombach et al. 2022. Mirrors UNetModel (MIT):
/// https://github.com/CompVis/latent-diffusion/blob/a506df5/ldm/modules/diffusionmodules/openaimodel.py
/// </remarks>
public sealed class UNetModel : IDiffusionNetwork
{
    private readonly UNetConfig _config;
    private readonly Linear _timeIn;
    private readonly Linear _timeOut;
    private readonly Linear? _vectorIn;
    private readonly Linear? _vectorOut;
    private readonly IReadOnlyList<InputStage> _input;
    private readonly ResBlock _middleIn;
    private readonly SpatialTransformer? _middleTransformer;
    private readonly ResBlock _middleOut;
    private readonly IReadOnlyList<OutputStage> _output;
    private readonly GroupNorm _outNorm;
    private readonly Conv2d _outConv;

    public UNetModel(Weights w, UNetConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config;
        Place = w.Place;
        var embeddingWidth = config.EmbeddingWidth;
        _timeIn = new(w["time_embed"][0], config.ModelChannels, embeddingWidth);
        _timeOut = new(w["time_embed"][2], embeddingWidth, embeddingWidth);
        if (config.VectorWidth > 0)
        {
            _vectorIn = new(w["label_emb"][0][0], config.VectorWidth, embeddingWidth);
            _vectorOut = new(w["label_emb"][0][2], embeddingWidth, embeddingWidth);
        }

        var plan = UNetPlan.Of(config);
        _input = [.. plan.Input.Select((stage, index) => new InputStage(w["input_blocks"][index], config, stage))];
        var middle = plan.MiddleChannels;
        _middleIn = new(w["middle_block"][0], middle, middle, embeddingWidth);
        _middleTransformer =
            config.MiddleDepth == 0
                ? null
                : new(w["middle_block"][1], config, middle, config.MiddleDepth, new("middle", 0, 1, ""));
        _middleOut = new(w["middle_block"][config.MiddleDepth == 0 ? 1 : 2], middle, middle, embeddingWidth);
        _output = [.. plan.Output.Select((stage, index) => new OutputStage(w["output_blocks"][index], config, stage))];
        _outNorm = new(w["out"][0], config.ModelChannels, epsilon: 1e-5);
        _outConv = new(w["out"][2], config.ModelChannels, config.OutputChannels, kernel: 3, padding: 1);
    }

    public ComputePlace Place { get; }

    public int LatentChannels => (int)_config.OutputChannels;

    public int InputChannels => (int)_config.InputChannels;

    public bool AllowsRepeatedContext => true;

    public Tensor Forward(Tensor x, Tensor timesteps, NetworkInput input)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(input);
        var (context, channels) = (input.Context, _config.ModelChannels);
        var embedding = NetworkBlock.Run(() => Embed(timesteps, input, x.DType));

        var hidden = input.Concat is { } concat ? Tensor.Concat([x, concat], 1) : x;
        var skips = new Stack<Tensor>();
        foreach (var stage in _input)
        {
            var entering = hidden;
            var skip = NetworkBlock.Run(() =>
                BlockHooks.OnInput(stage.Site, channels, stage.Forward(entering, embedding, context))
            );
            skips.Push(skip);
            hidden = BlockHooks.BehindSkip(stage.Site, channels, skip);
        }
        hidden = Middle(hidden, embedding, context);
        foreach (var stage in _output)
        {
            var skip = skips.Pop();
            var target = skips.TryPeek(out var next) ? next : skip;
            var entering = hidden;
            hidden = NetworkBlock.Run(() =>
            {
                var (map, joined) = BlockHooks.OnJoin(stage.Site, channels, entering, skip);
                return stage.Forward(map, joined, embedding, context, target);
            });
        }
        return NetworkBlock.Run(() => _outConv.Forward(Functional.Silu(_outNorm.Forward(hidden))));
    }

    private Tensor Embed(Tensor timesteps, NetworkInput input, DType dtype)
    {
        var embedding = _timeIn.Forward(TimestepEmbedding.Sinusoids(timesteps, _config.ModelChannels).To(dtype));
        embedding = _timeOut.Forward(Functional.Silu(embedding));
        if (_vectorIn is not null)
        {
            var vector =
                input.Pooled
                ?? throw new ArgumentException("UNet: the model needs a pooled conditioning vector, got none.");
            embedding += _vectorOut!.Forward(Functional.Silu(_vectorIn.Forward(vector)));
        }
        return embedding;
    }

    private Tensor Middle(Tensor hidden, Tensor embedding, Tensor context)
    {
        var residual = NetworkBlock.Run(() => _middleIn.Forward(hidden, embedding));
        if (_middleTransformer is not null)
        {
            residual = NetworkBlock.Run(() => _middleTransformer.Forward(residual, context));
        }
        return NetworkBlock.Run(() => _middleOut.Forward(residual, embedding));
    }
}
