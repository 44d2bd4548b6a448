using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Euler ancestral as CFG++ with options.</summary>
[Node(
    "SamplerEulerAncestralCFGPP",
    Category = "sampling/custom_sampling/samplers",
    DisplayName = "SamplerEulerAncestralCFG++",
    Module = "comfy_extras.nodes_custom_sampler"
)]
public sealed class SamplerEulerAncestralCfgPlusPlus : INode<ISampler>
{
    [Number(0.0, 1.0, Step = 0.01, NoRound = true)]
    public double Eta { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.01, NoRound = true)]
    public double SNoise { get; init; } = 1.0;

    public ISampler Execute(NodeContext context) => new EulerAncestralCfgPlusPlusSampler(eta: Eta, noiseScale: SNoise);
}
