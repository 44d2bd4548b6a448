using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Guides from a negative velocity scaled to fit the positive one (CFG-Zero*).</summary>
[Node("CFGZeroStar", Category = "advanced/guidance", Module = "comfy_extras.nodes_cfg", Schema = NodeSchema.V3)]
[Output(0, Name = "patched_model")]
public sealed class CfgZeroStar : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            GuidanceHooks = [.. Model.GuidanceHooks, new ZeroStarGuidance()],
        };
}
