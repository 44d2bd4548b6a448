using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Replaces the first noise level.</summary>
[Node("SetFirstSigma", Category = "sampling/custom_sampling/sigmas", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class SetFirstSigma : INode<Sigmas>
{
    [Input]
    public required Sigmas Sigmas { get; init; }

    [Number(0.0, 20000.0, Step = 0.001, NoRound = true)]
    public double Sigma { get; init; } = 136.0;

    public Sigmas Execute(NodeContext context) => new([(float)Sigma, .. Sigmas.Values.Skip(1)]);
}
