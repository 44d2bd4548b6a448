using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>DPM-Solver with adaptive steps, with options.</summary>
[Node(
    "SamplerDPMAdaptative",
    Category = "sampling/custom_sampling/samplers",
    Module = "comfy_extras.nodes_custom_sampler"
)]
public sealed class SamplerDpmAdaptive : INode<ISampler>
{
    [Number(2, 3)]
    public int Order { get; init; } = 3;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Rtol { get; init; } = 0.05;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Atol { get; init; } = 0.0078;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double HInit { get; init; } = 0.05;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Pcoeff { get; init; }

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Icoeff { get; init; } = 1.0;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Dcoeff { get; init; }

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double AcceptSafety { get; init; } = 0.81;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double Eta { get; init; }

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double SNoise { get; init; } = 1.0;

    public ISampler Execute(NodeContext context) =>
        new DpmAdaptiveSampler
        {
            Order = Order,
            RelativeTolerance = Rtol,
            AbsoluteTolerance = Atol,
            InitialStep = HInit,
            Proportional = Pcoeff,
            Integral = Icoeff,
            Derivative = Dcoeff,
            AcceptSafety = AcceptSafety,
            Eta = Eta,
            NoiseScale = SNoise,
        };
}
