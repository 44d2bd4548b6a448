using NodeHost.Diffusion.Sampling;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Sampling;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>A sampler by name, with its default options.</summary>
[Node("KSamplerSelect", Category = "sampling/custom_sampling/samplers", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class KSamplerSelect : INode<ISampler>
{
    [Choice(typeof(SamplerNames))]
    public string SamplerName { get; init; } = "euler";

    public ISampler Execute(NodeContext context) => SamplerCatalogue.Get(SamplerName);
}
