using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>DPM-Solver++ SDE with options.</summary>
[Node("SamplerDPMPP_SDE", Category = "sampling/custom_sampling/samplers", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class SamplerDpmPlusPlusSde : INode<ISampler>
{
    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Eta { get; init; } = 1.0;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double SNoise { get; init; } = 1.0;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double R { get; init; } = 0.5;

    [Choice("gpu", "cpu")]
    public string NoiseDevice { get; init; } = "gpu";

    public ISampler Execute(NodeContext context) => new DpmPlusPlusSdeSampler(eta: Eta, noiseScale: SNoise, r: R);
}
