using NodeHost.Tensors;

namespace NodeHost.Nodes.Values;

/// <summary>Zeros: the latent comes with its noise, or is to have none.</summary>
internal sealed record NoNoise : INoise
{
    public ulong Seed => 0;

    public Tensor Generate(Latent latent) => Tensor.ZerosLike(latent.Samples);
}
