using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Noise of a seed.</summary>
[Node("RandomNoise", Category = "sampling/custom_sampling/noise", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class RandomNoise : INode<INoise>
{
    [Seed]
    public ulong NoiseSeed { get; init; }

    public INoise Execute(NodeContext context) => new SeededNoise(NoiseSeed);
}
