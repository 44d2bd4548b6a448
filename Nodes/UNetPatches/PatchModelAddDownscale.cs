using NodeHost.Diffusion.Blocks;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.UNetPatches;

/// <summary>Composes pictures larger than those of the training on a smaller map.</summary>
[Node(
    "PatchModelAddDownscale",
    Category = "model_patches/unet",
    DisplayName = "PatchModelAddDownscale (Kohya Deep Shrink)",
    Module = "comfy_extras.nodes_model_downscale",
    Schema = NodeSchema.V3
)]
public sealed class PatchModelAddDownscale : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Number(1, 32, Step = 1)]
    public int BlockNumber { get; init; } = 3;

    [Number(0.1, 9.0, Step = 0.001)]
    public double DownscaleFactor { get; init; } = 2.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; }

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 0.35;

    [Toggle]
    public bool DownscaleAfterSkip { get; init; } = true;

    [Choice("bicubic", "nearest-exact", "bilinear", "area", "bislerp")]
    public string DownscaleMethod { get; init; } = "bicubic";

    [Choice("bicubic", "nearest-exact", "bilinear", "area", "bislerp")]
    public string UpscaleMethod { get; init; } = "bicubic";

    public DiffusionModel Execute(NodeContext context) =>
        Model with
        {
            BlockHooks =
            [
                .. Model.BlockHooks,
                new DeepShrink(
                    BlockNumber,
                    DownscaleFactor,
                    StartPercent,
                    EndPercent,
                    DownscaleAfterSkip,
                    DownscaleMethod,
                    UpscaleMethod
                ),
            ],
        };
}
