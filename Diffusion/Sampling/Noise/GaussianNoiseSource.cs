using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Noise;

/// <summary>
/// Independent draws from a generator of its own, on the latent's device as ComfyUI draws them: a GPU's numbers are not the
/// CPU's. Devices whose generator libtorch has none for get the CPU's.
/// </summary>
internal sealed class GaussianNoiseSource(Tensor like, ulong seed) : INoiseSource
{
    private readonly Generator _generator = new(seed, like.Device.IsCuda ? like.Device : Device.Cpu);
    private readonly Device _device = like.Device;
    private readonly long[] _shape = like.Shape.ToArray();
    private readonly DType _dtype = like.DType;

    public Tensor Next(float sigma, float nextSigma) => Tensor.Randn(_shape, _generator, _dtype).To(_device);

    public void Dispose() => _generator.Dispose();
}
