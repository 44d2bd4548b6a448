using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>DPM-Solver++(2M) SDE with options.</summary>
[Node(
    "SamplerDPMPP_2M_SDE",
    Category = "sampling/custom_sampling/samplers",
    Module = "comfy_extras.nodes_custom_sampler"
)]
public sealed class SamplerDpmPlusPlus2MSde : INode<ISampler>
{
    [Choice("midpoint", "heun")]
    public string SolverType { get; init; } = "midpoint";

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Eta { get; init; } = 1.0;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double SNoise { get; init; } = 1.0;

    [Choice("gpu", "cpu")]
    public string NoiseDevice { get; init; } = "gpu";

    public ISampler Execute(NodeContext context) =>
        new DpmPlusPlus2MSdeSampler(eta: Eta, noiseScale: SNoise, heun: SolverType == "heun");
}
