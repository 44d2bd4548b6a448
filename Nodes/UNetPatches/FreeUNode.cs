using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.UNetPatches;

/// <summary>Shifts weight from skip connections to the backbone of a UNet.</summary>
[Node("FreeU", Category = "model_patches/unet", Module = "comfy_extras.nodes_freelunch")]
public sealed class FreeUNode : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double B1 { get; init; } = 1.1;

    [Number(0.0, 10.0, Step = 0.01)]
    public double B2 { get; init; } = 1.2;

    [Number(0.0, 10.0, Step = 0.01)]
    public double S1 { get; init; } = 0.9;

    [Number(0.0, 10.0, Step = 0.01)]
    public double S2 { get; init; } = 0.2;

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            BlockHooks = [.. Model.BlockHooks, new FreeU((B1, S1), (B2, S2), followsStructure: false)],
        };
}
