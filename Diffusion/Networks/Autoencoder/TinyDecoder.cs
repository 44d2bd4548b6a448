using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Autoencoder;

/// <summary>The tiny autoencoder's decoder, for previews: https://github.com/madebyollin/taesd (MIT, Copyright 2023 Ollin Boer Bohan).</summary>
public sealed class TinyDecoder : IDisposable
{
    private const long Width = 64;

    private readonly WeightSet _weights;
    private readonly Conv2d _first;
    private readonly TinyBlock[][] _stages;
    private readonly Weight[] _afterUpsampling;
    private readonly Conv2d _last;

    /// <param name="source">Its weights.</param>
    /// <param name="device">Where it computes; the CPU where nothing is said.</param>
    public TinyDecoder(IWeightSource source, Device? device = null)
    {
        _weights = new WeightSet(source, place: new ComputePlace(device ?? Device.Cpu, DType.Float32));
        try
        {
            var w = _weights.Root;
            LatentChannels = w[1].ShapeOf("weight") is { Count: 4 } shape ? shape[1] : 4;
            _first = new Conv2d(w[1], LatentChannels, Width, kernel: 3, padding: 1);
            // Each stage of three blocks is followed by an upsampling and a convolution without bias.
            int[] starts = [3, 8, 13];
            _stages =
            [
                .. starts.Select(start => new[] { Block(w, start), Block(w, start + 1), Block(w, start + 2) }),
                [Block(w, 18)],
            ];
            _afterUpsampling = [.. starts.Select(start => w[start + 4].Tensor("weight", Width, Width, 3, 3))];
            _last = new Conv2d(w[19], Width, 3, kernel: 3, padding: 1);
        }
        catch
        {
            _weights.Dispose();
            throw;
        }
    }

    public long LatentChannels { get; }

    /// <summary>Pictures [B, 3, 8 H, 8 W], about 0..1, of latents [B, C, H, W] at the network's scale.</summary>
    public Tensor Decode(Tensor latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        using var scope = new TensorScope();
        var given = _weights.Place.Take(latent);
        var x = Functional.Relu(_first.Forward((given / 3).Tanh() * 3));
        for (var stage = 0; stage < _stages.Length; stage++)
        {
            foreach (var block in _stages[stage])
            {
                x = block.Forward(x);
            }
            if (stage < _afterUpsampling.Length)
            {
                x = Functional.Interpolate(x, x.Length(2) * 2, x.Length(3) * 2, InterpolationMode.Nearest);
                x = Functional.Conv2d(x, _afterUpsampling[stage].As(x), null, 1, 1);
            }
        }
        return scope.Keep(_last.Forward(x));
    }

    public void Dispose() => _weights.Dispose();

    private static TinyBlock Block(Weights w, int index) => new(w[index], Width);
}

/// <summary>Three convolutions beside an identity.</summary>
internal sealed class TinyBlock(Weights w, long width)
{
    private readonly Conv2d _first = new(w["conv"][0], width, width, kernel: 3, padding: 1);
    private readonly Conv2d _second = new(w["conv"][2], width, width, kernel: 3, padding: 1);
    private readonly Conv2d _third = new(w["conv"][4], width, width, kernel: 3, padding: 1);

    public Tensor Forward(Tensor x)
    {
        var hidden = Functional.Relu(_second.Forward(Functional.Relu(_first.Forward(x))));
        return Functional.Relu(_third.Forward(hidden) + x);
    }
}
