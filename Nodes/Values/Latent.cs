using NodeHost.Tensors;

namespace NodeHost.Nodes.Values;

/// <summary>The value of a LATENT socket.</summary>
/// <param name="Samples">[B, C, H, W] at the autoencoder's scale.</param>
public sealed record Latent(Tensor Samples) : ITensorHolder
{
    /// <summary>Where to denoise: 1 = change, 0 = keep; any size, [H, W] or [B, 1, H, W].</summary>
    public Tensor? NoiseMask { get; init; }

    /// <summary>Which noise of the seed's sequence each sample takes; null = 0, 1, 2, ...</summary>
    public IReadOnlyList<long>? BatchIndex { get; init; }

    public IEnumerable<Tensor> HeldTensors => NoiseMask is null ? [Samples] : [Samples, NoiseMask];
}
