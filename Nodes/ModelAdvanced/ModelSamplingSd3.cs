using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Sets the shift of a rectified flow whose time runs to 1000.</summary>
[Node("ModelSamplingSD3", Category = "advanced/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class ModelSamplingSd3 : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 100.0, Step = 0.01)]
    public double Shift { get; init; } = 3.0;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            Sampling = new DiscreteFlowModelSampling(Shift),
        };
}
