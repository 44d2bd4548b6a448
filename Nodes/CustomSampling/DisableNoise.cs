using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>No noise.</summary>
[Node("DisableNoise", Category = "sampling/custom_sampling/noise", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class DisableNoise : INode<INoise>
{
    public INoise Execute(NodeContext context) => new NoNoise();
}
