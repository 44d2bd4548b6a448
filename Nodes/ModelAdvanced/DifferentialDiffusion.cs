using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelAdvanced;

/// <summary>Lets a grey mask say from when on a place is changed.</summary>
[Node(
    "DifferentialDiffusion",
    Category = "_for_testing",
    DisplayName = "Differential Diffusion",
    Module = "comfy_extras.nodes_differential_diffusion",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class DifferentialDiffusion : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 1.0, Step = 0.01, Optional = true)]
    public double Strength { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) => Model with { MaskHook = new DifferentialMask(Strength) };
}
