using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Noise;

/// <summary>Independent draws from a generator of its own, on the latent's device.</summary>
internal sealed class GaussianNoiseSource(Tensor like, ulong seed) : INoiseSource
{
    private readonly Generator _generator = new(seed, like.Device);
    private readonly long[] _shape = like.Shape.ToArray();
    private readonly DType _dtype = like.DType;

    public Tensor Next(float sigma, float nextSigma) => Tensor.Randn(_shape, _generator, _dtype);

    public void Dispose() => _generator.Dispose();
}
