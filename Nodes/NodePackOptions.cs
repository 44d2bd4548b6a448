using NodeHost.Diffusion.Models;
using NodeHost.Nodes.Sampling;

namespace NodeHost.Nodes;

/// <summary>What a host may choose besides its folders.</summary>
public sealed record NodePackOptions
{
    /// <summary>Pictures while sampling; off by default.</summary>
    public PreviewOptions Previews { get; init; } = new();

    /// <summary>Is told of every forward pass, where somebody wants to know.</summary>
    public IForwardObserver? Observer { get; init; }
}
