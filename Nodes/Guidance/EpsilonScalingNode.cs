using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Makes each step's noise prediction smaller.</summary>
[Node("Epsilon Scaling", Category = "model_patches/unet", Module = "comfy_extras.nodes_eps", Schema = NodeSchema.V3)]
public sealed class EpsilonScalingNode : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.5, 1.5, Step = 0.001, Display = "number")]
    public double ScalingFactor { get; init; } = 1.005;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            GuidanceHooks = [.. Model.GuidanceHooks, new EpsilonScaling(ScalingFactor)],
        };
}
