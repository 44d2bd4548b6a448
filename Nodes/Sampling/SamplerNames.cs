using NodeHost.Diffusion.Sampling;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Sampling;

/// <summary>The samplers to choose from.</summary>
public sealed class SamplerNames : IChoiceProvider
{
    public IEnumerable<object> Options(IServiceProvider services, string? argument) => SamplerCatalogue.Names;
}
