using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.UNetPatches;

/// <summary>Makes large pictures faster: self-attention within tiles.</summary>
[Node("HyperTile", Category = "model_patches/unet", Module = "comfy_extras.nodes_hypertile", Schema = NodeSchema.V3)]
public sealed class HyperTile : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(1, 2048)]
    public int TileSize { get; init; } = 256;

    [Number(1, 128)]
    public int SwapSize { get; init; } = 2;

    [Number(0, 10)]
    public int MaxDepth { get; init; }

    [Toggle]
    public bool ScaleDepth { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            BlockHooks =
            [
                .. Model.BlockHooks,
                new HyperTiling(Math.Max(SmallestTile, TileSize) / PixelsPerElement, SwapSize, MaxDepth, ScaleDepth),
            ],
        };

    private const int SmallestTile = 32;
    private const int PixelsPerElement = 8;
}
