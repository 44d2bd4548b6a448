using NodeHost.Tensors;

namespace NodeHost.Nodes.Values;

/// <summary>The value of a NOISE socket: makes the noise a run starts from.</summary>
public interface INoise
{
    /// <summary>Seed of the noise, which samplers that add noise on the way start from too.</summary>
    ulong Seed { get; }

    /// <summary>Noise in a latent's shape.</summary>
    Tensor Generate(Latent latent);
}
