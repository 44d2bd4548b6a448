using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.UNetPatches;

/// <summary>Makes sampling faster: like tokens are merged for self-attention.</summary>
[Node("TomePatchModel", Category = "model_patches/unet", Module = "comfy_extras.nodes_tomesd", Schema = NodeSchema.V3)]
public sealed class TomePatchModel : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Ratio { get; init; } = 0.3;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            BlockHooks = [.. Model.BlockHooks, new TokenMerging(Ratio)],
        };
}
