using NodeHost.Diffusion.Models;
using NodeHost.Nodes.Sampling;

namespace NodeHost.Nodes;

/// <summary>What a host may choose besides its folders.</summary>
public sealed record NodePackOptions
{
    /// <summary>Pictures while sampling; off by default.</summary>
    public PreviewOptions Previews { get; init; } = new();

    /// <summary>Bytes of weights that may be in memory at once; null leaves it to the machine's memory.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>Is told of every forward pass, where somebody wants to know.</summary>
    public IForwardObserver? Observer { get; init; }
}
