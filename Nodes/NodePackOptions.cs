using NodeHost.Diffusion.Models;
using NodeHost.Images;
using NodeHost.Nodes.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Nodes;

/// <summary>What a host may choose besides its folders.</summary>
public sealed record NodePackOptions
{
    /// <summary>Pictures while sampling; off by default.</summary>
    public PreviewOptions Previews { get; init; } = new();

    /// <summary>Where networks compute; null for the first GPU, or the CPU where there is none.</summary>
    public Device? Device { get; init; }

    /// <summary>The type networks compute in where they can; null leaves it to the device.</summary>
    public DType? ComputeType { get; init; }

    /// <summary>Bytes of weights that may be on the device at once; null leaves it to the device's memory.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>What a picture may claim before it is refused.</summary>
    public DecodeLimits Pictures { get; init; } = new();

    /// <summary>Is told of every forward pass, where somebody wants to know.</summary>
    public IForwardObserver? Observer { get; init; }
}
