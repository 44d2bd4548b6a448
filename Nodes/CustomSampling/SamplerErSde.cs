using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Extended reverse-time SDE solver with options.</summary>
[Node("SamplerER_SDE", Category = "sampling/custom_sampling/samplers", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class SamplerErSde : INode<ISampler>
{
    [Choice("ER-SDE", "Reverse-time SDE", "ODE", AsCombo = true)]
    public string SolverType { get; init; } = "ER-SDE";

    [Number(1, 3)]
    public int MaxStage { get; init; } = 3;

    [Number(
        0.0,
        100.0,
        Step = 0.01,
        NoRound = true,
        Tooltip = "Stochastic strength of reverse-time SDE.\nWhen eta=0, it reduces to deterministic ODE. This setting doesn't apply to ER-SDE solver type."
    )]
    public double Eta { get; init; } = 1.0;

    [Number(0.0, 100.0, Step = 0.01, NoRound = true)]
    public double SNoise { get; init; } = 1.0;

    public ISampler Execute(NodeContext context)
    {
        if (SolverType == "ER-SDE")
        {
            return new ErSdeSampler(MaxStage, SNoise);
        }
        // Without noise the reverse-time equation is the ordinary one.
        var isOrdinary = SolverType == "ODE" || Eta == 0;
        var exponent = isOrdinary ? 1 : Eta + 1;
        return new ErSdeSampler(MaxStage, isOrdinary ? 0 : SNoise, sigma => Math.Pow(sigma, exponent));
    }
}
