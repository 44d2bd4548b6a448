using NodeHost.Diffusion.Guidance;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Guidance;

/// <summary>Guidance that Lumina-Image 2.0 is made for.</summary>
[Node("RenormCFG", Category = "advanced/model", Module = "comfy_extras.nodes_lumina2", Schema = NodeSchema.V3)]
public sealed class RenormCfg : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 100.0, Step = 0.01)]
    public double CfgTrunc { get; init; } = 100;

    [Number(0.0, 100.0, Step = 0.01, Name = "renorm_cfg")]
    public double Renorm { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            GuidanceRule = new RenormalizedGuidance(CfgTrunc, Renorm),
        };
}
