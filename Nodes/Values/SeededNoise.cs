using NodeHost.Diffusion.Sampling.Noise;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Values;

/// <summary>Normal noise of a seed.</summary>
internal sealed record SeededNoise(ulong Seed) : INoise
{
    public Tensor Generate(Latent latent) =>
        InitialNoise.Prepare(latent.Samples.Shape, Seed, latent.BatchIndex).To(latent.Samples.Device);
}
