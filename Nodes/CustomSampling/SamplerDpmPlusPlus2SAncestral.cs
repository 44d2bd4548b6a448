using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>DPM-Solver++(2S) ancestral with options.</summary>
[Node(
    "SamplerDPMPP_2S_Ancestral",
    Category = "sampling/custom_sampling/samplers",
    Module = "comfy_extras.nodes_custom_sampler"
)]
public sealed class SamplerDpmPlusPlus2SAncestral : INode<ISampler>
{
    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Eta { get; init; } = 1.0;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double SNoise { get; init; } = 1.0;

    public ISampler Execute(NodeContext context) => new DpmPlusPlus2SAncestralSampler(Eta, SNoise);
}
