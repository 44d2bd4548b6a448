using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Linear multistep of an order.</summary>
[Node("SamplerLMS", Category = "sampling/custom_sampling/samplers", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class SamplerLms : INode<ISampler>
{
    [Number(1, 100)]
    public int Order { get; init; } = 4;

    public ISampler Execute(NodeContext context) => new LinearMultistepSampler(Order);
}
