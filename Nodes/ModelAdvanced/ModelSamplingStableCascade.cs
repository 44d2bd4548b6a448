using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Gives a model the noise levels of Stable Cascade.</summary>
[Node("ModelSamplingStableCascade", Category = "advanced/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class ModelSamplingStableCascade : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 100.0, Step = 0.01)]
    public double Shift { get; init; } = 2.0;

    public DiffusionModel Execute(NodeContext context) => Model with { Sampling = new CosineModelSampling(Shift) };
}
