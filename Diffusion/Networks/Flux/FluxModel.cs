using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Diffusion.Models;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Flux;

/// <summary>The Flux transformer: predicts the flow of a latent, given time, text and reference latents.</summary>
/// <remarks>
/// "Scaling Rectified Flow Transformers for High-Resolution Image Synthesis", Esser et al. 2024, and Black Forest Labs 2024.
/// Mirrors Flux (Apache-2.0): https://github.com/black-forest-labs/flux/blob/802fb47/src/flux/model.py
/// </remarks>
public sealed class FluxModel : IDiffusionNetwork
{
    private const long SinusoidWidth = 256;

    /// <summary>Times from 0 to 1 are embedded as steps of 1000.</summary>
    private const double TimeFactor = 1000;

    private readonly FluxConfig _config;
    private readonly Linear _imageIn;
    private readonly VectorEmbedder _timeIn;
    private readonly VectorEmbedder _vectorIn;
    private readonly VectorEmbedder? _guidanceIn;
    private readonly Linear _textIn;
    private readonly DoubleStreamBlock[] _doubleBlocks;
    private readonly SingleStreamBlock[] _singleBlocks;
    private readonly FinalLayer _finalLayer;

    public FluxModel(Weights w, FluxConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config;
        Place = w.Place;
        var patchElements = FluxConfig.PatchSize * FluxConfig.PatchSize;
        _imageIn = new(w["img_in"], config.InputChannels * patchElements, config.Width);
        _timeIn = new(w["time_in"], SinusoidWidth, config.Width);
        _vectorIn = new(w["vector_in"], config.VectorWidth, config.Width);
        _guidanceIn = config.HasGuidance ? new(w["guidance_in"], SinusoidWidth, config.Width) : null;
        _textIn = new(w["txt_in"], config.ContextWidth, config.Width);
        _doubleBlocks =
        [
            .. Enumerable
                .Range(0, config.DoubleBlocks)
                .Select(index => new DoubleStreamBlock(w["double_blocks"][index], config, index)),
        ];
        _singleBlocks =
        [
            .. Enumerable
                .Range(0, config.SingleBlocks)
                .Select(index => new SingleStreamBlock(w["single_blocks"][index], config, index)),
        ];
        _finalLayer = new(w["final_layer"], config);
    }

    public ComputePlace Place { get; }

    public int LatentChannels => (int)_config.OutputChannels;

    public int InputChannels => (int)_config.InputChannels;

    public Tensor Forward(Tensor x, Tensor timesteps, NetworkInput input)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(input);
        var latent = LatentPatches.Of(input.Concat is { } concat ? Tensor.Concat([x, concat], 1) : x);
        var references = input.ReferenceLatents.Select(LatentPatches.Of).ToArray();
        var positions = TokenPositions.Of(
            textLength: (int)input.Context.Length(1),
            latent,
            ReferencePlacement.Place(latent, references, input.ReferenceMethod)
        );
        var rope = Rope.Of(positions, _config, x.Device);

        var image = NetworkBlock.Run(() => _imageIn.Forward(Join([latent, .. references])));
        var text = NetworkBlock.Run(() => _textIn.Forward(input.Context));
        var conditioning = NetworkBlock.Run(() => Functional.Silu(Embed(x, timesteps, input)));

        (image, text) = NetworkBlock.Chain(
            (image, text),
            _doubleBlocks.Select<DoubleStreamBlock, Func<(Tensor, Tensor), (Tensor, Tensor)>>(block =>
                tokens =>
                    BlockHooks.Run(
                        block.Site,
                        tokens,
                        pair => block.Forward(pair.Item1, pair.Item2, conditioning, rope)
                    )
            )
        );
        var textLength = text.Length(1);
        var joint = NetworkBlock.Chain(
            Tensor.Concat([text, image], 1),
            _singleBlocks.Select<SingleStreamBlock, Func<Tensor, Tensor>>(block =>
                tokens => BlockHooks.Run(block.Site, tokens, x => block.Forward(x, textLength, conditioning, rope))
            )
        );
        var predicted = joint.Slice(1, textLength, textLength + latent.Count);
        return latent.ToLatent(NetworkBlock.Run(() => _finalLayer.Forward(predicted, conditioning)));
    }

    /// <summary>Time, guidance and pooled text in one vector [B, C].</summary>
    private Tensor Embed(Tensor x, Tensor timesteps, NetworkInput input)
    {
        var vector = _timeIn.Forward(Sinusoids(timesteps, x.DType));
        if (_guidanceIn is not null && input.Guidance is { } guidance)
        {
            vector += _guidanceIn.Forward(Sinusoids(guidance, x.DType));
        }
        var pooled = input.Pooled ?? Tensor.Zeros([x.Length(0), _config.VectorWidth], x.DType, x.Device);
        return vector + _vectorIn.Forward(pooled);
    }

    private static Tensor Sinusoids(Tensor times, DType dtype) =>
        TimestepEmbedding.Sinusoids(times * TimeFactor, SinusoidWidth).To(dtype);

    private static Tensor Join(IReadOnlyList<LatentPatches> patches) =>
        patches.Count == 1 ? patches[0].Tokens : Tensor.Concat([.. patches.Select(part => part.Tokens)], 1);
}
