using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Noise levels in reverse, to add noise by sampling backwards.</summary>
[Node("FlipSigmas", Category = "sampling/custom_sampling/sigmas", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class FlipSigmas : INode<Sigmas>
{
    [Input]
    public required Sigmas Sigmas { get; init; }

    public Sigmas Execute(NodeContext context)
    {
        float[] flipped = [.. Sigmas.Values.Reverse()];
        if (flipped.Length > 0 && flipped[0] == 0)
        {
            flipped[0] = 0.0001f;
        }
        return new Sigmas(flipped);
    }
}
