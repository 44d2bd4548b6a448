using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Euler as CFG++, in two versions.</summary>
[Node(
    "SamplerEulerCFGpp",
    Category = "_for_testing",
    DisplayName = "SamplerEulerCFG++",
    Module = "comfy_extras.nodes_advanced_samplers",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class SamplerEulerCfgPlusPlus : INode<ISampler>
{
    [Choice("regular", "alternative")]
    public string Version { get; init; } = "regular";

    public ISampler Execute(NodeContext context) =>
        Version == "alternative"
            ? new EulerCfgPlusPlusAlternativeSampler()
            : new EulerAncestralCfgPlusPlusSampler("euler_cfg_pp", eta: 0);
}
