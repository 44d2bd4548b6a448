using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Keeps guidance from raising the contrast.</summary>
[Node("RescaleCFG", Category = "advanced/model", Module = "comfy_extras.nodes_model_advanced")]
public sealed class RescaleCfg : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Multiplier { get; init; } = 0.7;

    public DiffusionModel Execute(NodeContext context) => Model with { GuidanceRule = new RescaleGuidance(Multiplier) };
}
