using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>SA-Solver with options.</summary>
[Node("SamplerSASolver", Category = "sampling/custom_sampling/samplers", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class SamplerSaSolver : INode<ISampler>
{
    [Input(WithOptions = true)]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 10.0, Step = 0.01, NoRound = true)]
    public double Eta { get; init; } = 1.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double SdeStartPercent { get; init; } = 0.2;

    [Number(0.0, 1.0, Step = 0.001)]
    public double SdeEndPercent { get; init; } = 0.8;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double SNoise { get; init; } = 1.0;

    [Number(1, 6)]
    public int PredictorOrder { get; init; } = 3;

    [Number(0, 6)]
    public int CorrectorOrder { get; init; } = 4;

    [Toggle(WithOptions = true)]
    public required bool UsePece { get; init; }

    [Toggle(Name = "simple_order_2", WithOptions = true)]
    public required bool SimpleOrder2 { get; init; }

    public ISampler Execute(NodeContext context) =>
        new SaSolverSampler(
            "sa_solver",
            UsePece,
            PredictorOrder,
            CorrectorOrder,
            SimpleOrder2,
            SNoise,
            SaSolverSampler.TauInterval(Model.Sampling, SdeStartPercent, SdeEndPercent, Eta)
        );
}
