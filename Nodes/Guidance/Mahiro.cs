using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Guides by the positive prompt's direction rather than by the difference from the negative one.</summary>
[Node(
    "Mahiro",
    Category = "_for_testing",
    DisplayName = "Mahiro is so cute that she deserves a better guidance function!! (。・ω・。)",
    Description = "Modify the guidance to scale more on the 'direction' of the positive prompt rather than the difference between the negative prompt.",
    Module = "comfy_extras.nodes_mahiro",
    Schema = NodeSchema.V3,
    Experimental = true
)]
[Output(0, Name = "patched_model")]
public sealed class Mahiro : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            GuidanceHooks = [.. Model.GuidanceHooks, new DirectionalGuidance()],
        };
}
