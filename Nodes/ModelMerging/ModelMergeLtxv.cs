using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Mixes two models of LTX-Video, block by block.</summary>
[Node(
    "ModelMergeLTXV",
    Category = "advanced/model_merging/model_specific",
    Module = "comfy_extras.nodes_model_merging_model_specific"
)]
public sealed class ModelMergeLtxv : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model1 { get; init; }

    [Input]
    public required DiffusionModel Model2 { get; init; }

    [NumberGroup(
        0.0,
        1.0,
        "patchify_proj.",
        "adaln_single.",
        "caption_projection.",
        "transformer_blocks.{0-27}.",
        "scale_shift_table",
        "proj_out.",
        Step = 0.01,
        Default = 1.0
    )]
    public OrderedDictionary<string, double> Ratios { get; } = [];

    public DiffusionModel Execute(NodeContext context) => Merging.Blocks(context, Model1, Model2, Ratios);
}
