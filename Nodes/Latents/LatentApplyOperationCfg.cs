using NodeHost.Diffusion.Latents;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Latents;

/// <summary>Applies an operation during sampling, to what guidance amplifies.</summary>
[Node(
    "LatentApplyOperationCFG",
    Category = "latent/advanced/operations",
    Module = "comfy_extras.nodes_latent",
    Schema = NodeSchema.V3,
    Experimental = true
)]
public sealed class LatentApplyOperationCfg : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required ILatentOperation Operation { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            PredictionHooks = [.. Model.PredictionHooks, new GuidanceOperation(Operation)],
        };
}
