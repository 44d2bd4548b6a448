using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Noise;

/// <summary>Gives the noise that stochastic samplers add between two noise levels; of unit variance.</summary>
public interface INoiseSource : IDisposable
{
    Tensor Next(float sigma, float nextSigma);
}
