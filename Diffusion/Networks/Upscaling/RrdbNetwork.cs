using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Upscaling;

/// <summary>Residual-in-residual dense blocks, then doublings by nearest neighbours with a convolution behind each.</summary>
/// <remarks>
/// Paper: "ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks", Wang et al. 2018; scales 2 and 1 after
/// "Real-ESRGAN", Wang et al. 2021. Mirrors RRDBNet (Apache-2.0): https://github.com/XPixelGroup/BasicSR/blob/master/basicsr/archs/rrdbnet_arch.py
/// </remarks>
internal sealed class RrdbNetwork(Weights w, RrdbConfig config) : IUpscaleNetwork
{
    private readonly Conv2d _first = Convolution(w["conv_first"], 3 * config.Folding * config.Folding, config.Features);
    private readonly ResidualDenseGroup[] _body =
    [
        .. Enumerable.Range(0, config.Blocks).Select(index => new ResidualDenseGroup(w["body"][index], config)),
    ];
    private readonly Conv2d _bodyEnd = Convolution(w["conv_body"], config.Features, config.Features);
    private readonly Conv2d[] _doublings =
    [
        .. Enumerable
            .Range(1, config.Doublings)
            .Select(number => Convolution(w[$"conv_up{number}"], config.Features, config.Features)),
    ];
    private readonly Conv2d _large = Convolution(w["conv_hr"], config.Features, config.Features);
    private readonly Conv2d _last = Convolution(w["conv_last"], config.Features, 3);

    public ComputePlace Place { get; } = w.Place;

    public Tensor Forward(Tensor pictures)
    {
        using var scope = new TensorScope();
        var (height, width) = (pictures.Length(2), pictures.Length(3));
        var features = _first.Forward(Fold(pictures));
        features += _bodyEnd.Forward(
            NetworkBlock.Chain(features, _body.Select(group => (Func<Tensor, Tensor>)group.Forward))
        );
        features = NetworkBlock.Chain(features, _doublings.Select(Doubling));
        var enlarged = _last.Forward(ResidualDenseBlock.Activate(_large.Forward(features)));
        return scope.Keep(enlarged.Slice(2, 0, height * config.Scale).Slice(3, 0, width * config.Scale));
    }

    internal static Conv2d Convolution(Weights w, long inputs, long outputs) =>
        new(w, inputs, outputs, kernel: 3, padding: 1);

    private static Func<Tensor, Tensor> Doubling(Conv2d convolution) =>
        x =>
            ResidualDenseBlock.Activate(
                convolution.Forward(
                    Functional.Interpolate(x, x.Length(2) * 2, x.Length(3) * 2, InterpolationMode.Nearest)
                )
            );

    /// <summary>Squares of pixels become channels; sides that do not divide are mirrored on, and cut off at the end.</summary>
    private Tensor Fold(Tensor pictures)
    {
        var folding = config.Folding;
        if (folding == 1)
        {
            return pictures;
        }
        var (bottom, right) = (Missing(pictures.Length(2)), Missing(pictures.Length(3)));
        if (bottom + right > 0)
        {
            // Fewer pixels than are missing cannot be mirrored.
            var mode = bottom < pictures.Length(2) && right < pictures.Length(3) ? "reflect" : "replicate";
            pictures = pictures.Pad([0, right, 0, bottom], mode);
        }
        return Functional.PixelUnshuffle(pictures, folding);

        long Missing(long length) => (folding - length % folding) % folding;
    }
}

/// <summary>Three dense blocks beside an identity.</summary>
internal sealed class ResidualDenseGroup(Weights w, RrdbConfig config)
{
    private readonly ResidualDenseBlock _first = new(w["rdb1"], config);
    private readonly ResidualDenseBlock _second = new(w["rdb2"], config);
    private readonly ResidualDenseBlock _third = new(w["rdb3"], config);

    public Tensor Forward(Tensor x) =>
        _third.Forward(_second.Forward(_first.Forward(x))) * ResidualDenseBlock.ResidualScale + x;
}

/// <summary>Five convolutions, of which each sees what all before it gave.</summary>
internal sealed class ResidualDenseBlock(Weights w, RrdbConfig config)
{
    public const double ResidualScale = 0.2;

    private const double NegativeSlope = 0.2;

    private readonly Conv2d[] _growing =
    [
        .. Enumerable
            .Range(0, 4)
            .Select(index =>
                RrdbNetwork.Convolution(w[$"conv{index + 1}"], config.Features + index * config.Growth, config.Growth)
            ),
    ];
    private readonly Conv2d _last = RrdbNetwork.Convolution(
        w["conv5"],
        config.Features + 4 * config.Growth,
        config.Features
    );

    public static Tensor Activate(Tensor x) => Functional.LeakyRelu(x, NegativeSlope);

    public Tensor Forward(Tensor x)
    {
        var seen = x;
        foreach (var convolution in _growing)
        {
            seen = Tensor.Concat([seen, Activate(convolution.Forward(seen))], 1);
        }
        return _last.Forward(seen) * ResidualScale + x;
    }
}
