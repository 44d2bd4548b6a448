using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Noise;

/// <summary>Normalised increments of a <see cref="BrownianTree"/> over noise levels, drawn on the CPU.</summary>
/// <remarks>After BrownianTreeNoiseSampler of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
internal sealed class BrownianNoiseSource(
    Tensor like,
    float sigmaMin,
    float sigmaMax,
    ulong seed,
    Func<float, float>? transform = null
) : INoiseSource
{
    private readonly Func<float, float> _transform = transform ?? (sigma => sigma);

    private readonly BrownianTree _tree = Plant(like, sigmaMin, sigmaMax, seed, transform ?? (sigma => sigma));
    private readonly Device _device = like.Device;
    private readonly DType _dtype = like.DType;

    public Tensor Next(float sigma, float nextSigma)
    {
        var (from, to) = (_transform(sigma), _transform(nextSigma));
        var increment = from <= to ? _tree.Increment(from, to) : -_tree.Increment(to, from);
        return increment.To(_device, _dtype) / MathF.Sqrt(MathF.Abs(to - from));
    }

    public void Dispose() { }

    private static BrownianTree Plant(Tensor like, float low, float high, ulong seed, Func<float, float> transform)
    {
        var (start, end) = (transform(low), transform(high));
        return new BrownianTree(Math.Min(start, end), Math.Max(start, end), like.Shape, seed);
    }
}
