using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>One conditioning without guidance.</summary>
[Node("BasicGuider", Category = "sampling/custom_sampling/guiders", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class BasicGuiderNode : INode<IGuider>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required Conditioning Conditioning { get; init; }

    public IGuider Execute(NodeContext context) => new BasicGuider(Model, Conditioning);
}
