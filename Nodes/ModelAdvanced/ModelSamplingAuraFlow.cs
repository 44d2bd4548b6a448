using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Sets the shift of a rectified flow whose time is sigma.</summary>
[Node("ModelSamplingAuraFlow", Category = "advanced/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class ModelSamplingAuraFlow : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 100.0, Step = 0.01)]
    public double Shift { get; init; } = 1.73;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            Sampling = new DiscreteFlowModelSampling(Shift, multiplier: 1),
        };
}
