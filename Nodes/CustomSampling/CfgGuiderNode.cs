using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Classifier-free guidance.</summary>
[Node("CFGGuider", Category = "sampling/custom_sampling/guiders", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class CfgGuiderNode : INode<IGuider>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required Conditioning Positive { get; init; }

    [Input]
    public required Conditioning Negative { get; init; }

    [Number(0.0, 100.0, Step = 0.1, Round = 0.01)]
    public double Cfg { get; init; } = 8.0;

    public IGuider Execute(NodeContext context) => new CfgGuider(Model, Positive, Negative, Cfg);
}
