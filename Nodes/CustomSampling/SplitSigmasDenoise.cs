using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Cuts noise levels in two so that the second part is a fraction of the steps.</summary>
[Node("SplitSigmasDenoise", Category = "sampling/custom_sampling/sigmas", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class SplitSigmasDenoise : INode<(Sigmas HighSigmas, Sigmas LowSigmas)>
{
    [Input]
    public required Sigmas Sigmas { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Denoise { get; init; } = 1.0;

    public (Sigmas HighSigmas, Sigmas LowSigmas) Execute(NodeContext context)
    {
        var steps = (int)Math.Round(Math.Max(Sigmas.Count - 1, 0) * Denoise, MidpointRounding.ToEven);
        // No step in the second part leaves none in the first either: that is how Python slices.
        var high = steps == 0 ? 0 : Sigmas.Count - steps;
        return (
            new Sigmas([.. Sigmas.Values.Take(high)]),
            new Sigmas([.. Sigmas.Values.Skip(Math.Max(0, Sigmas.Count - steps - 1))])
        );
    }
}
