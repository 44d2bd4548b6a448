using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Cuts noise levels in two at a step; both parts have the level of the cut.</summary>
[Node("SplitSigmas", Category = "sampling/custom_sampling/sigmas", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class SplitSigmas : INode<(Sigmas HighSigmas, Sigmas LowSigmas)>
{
    [Input]
    public required Sigmas Sigmas { get; init; }

    [Number(0, 10000)]
    public int Step { get; init; }

    public (Sigmas HighSigmas, Sigmas LowSigmas) Execute(NodeContext context)
    {
        var cut = Math.Min(Step, Sigmas.Count);
        return (new Sigmas([.. Sigmas.Values.Take(Step + 1)]), new Sigmas([.. Sigmas.Values.Skip(cut)]));
    }
}
