using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Upscaling;

/// <summary>A chain of convolutions on the small picture; the last one's channels become pixels, added to the nearest neighbours.</summary>
/// <remarks>Mirrors SRVGGNetCompact (BSD-3): https://github.com/xinntao/Real-ESRGAN/blob/master/realesrgan/archs/srvgg_arch.py</remarks>
internal sealed class CompactNetwork(Weights w, CompactConfig config) : IUpscaleNetwork
{
    private readonly Conv2d _first = RrdbNetwork.Convolution(w["body"][0], 3, config.Features);
    private readonly Weight?[] _slopes =
    [
        .. Enumerable
            .Range(0, config.Convolutions + 1)
            .Select(index => config.HasSlopes ? w["body"][index * 2 + 1].Tensor("weight", config.Features) : null),
    ];
    private readonly Conv2d[] _convolutions =
    [
        .. Enumerable
            .Range(1, config.Convolutions)
            .Select(index => RrdbNetwork.Convolution(w["body"][index * 2], config.Features, config.Features)),
    ];
    private readonly Conv2d _last = RrdbNetwork.Convolution(
        w["body"][(config.Convolutions + 1) * 2],
        config.Features,
        3 * config.Scale * config.Scale
    );

    public ComputePlace Place { get; } = w.Place;

    public Tensor Forward(Tensor pictures)
    {
        using var scope = new TensorScope();
        var features = Activate(_first.Forward(pictures), 0);
        features = NetworkBlock.Chain(
            features,
            _convolutions.Select(
                (convolution, index) => (Func<Tensor, Tensor>)(x => Activate(convolution.Forward(x), index + 1))
            )
        );
        var (height, width) = (pictures.Length(2) * config.Scale, pictures.Length(3) * config.Scale);
        var nearest = Functional.Interpolate(pictures, height, width, InterpolationMode.Nearest);
        return scope.Keep(Functional.PixelShuffle(_last.Forward(features), config.Scale) + nearest);
    }

    private Tensor Activate(Tensor x, int index) =>
        _slopes[index] is { } slopes ? Functional.Prelu(x, slopes.As(x)) : Functional.Relu(x);
}
