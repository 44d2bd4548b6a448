using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Puts further noise levels between those of a range.</summary>
[Node(
    "ExtendIntermediateSigmas",
    Category = "sampling/custom_sampling/sigmas",
    Module = "comfy_extras.nodes_custom_sampler"
)]
public sealed class ExtendIntermediateSigmas : INode<Sigmas>
{
    [Input]
    public required Sigmas Sigmas { get; init; }

    [Number(1, 100)]
    public int Steps { get; init; } = 2;

    [Number(-1.0, 20000.0, Step = 0.01, NoRound = true)]
    public double StartAtSigma { get; init; } = -1.0;

    [Number(0.0, 20000.0, Step = 0.01, NoRound = true)]
    public double EndAtSigma { get; init; } = 12.0;

    [Choice("linear", "cosine", "sine")]
    public string Spacing { get; init; } = "linear";

    public Sigmas Execute(NodeContext context) =>
        new(SigmaRange.Extend(Sigmas.Values, Steps, StartAtSigma, EndAtSigma, Spacing));
}
