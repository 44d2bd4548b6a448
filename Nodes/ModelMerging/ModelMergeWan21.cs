using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Mixes two models of Wan 2.1, block by block.</summary>
[Node(
    "ModelMergeWAN2_1",
    Category = "advanced/model_merging/model_specific",
    Module = "comfy_extras.nodes_model_merging_model_specific",
    Description = "1.3B model has 30 blocks, 14B model has 40 blocks. Image to video model has the extra img_emb."
)]
public sealed class ModelMergeWan21 : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model1 { get; init; }

    [Input]
    public required DiffusionModel Model2 { get; init; }

    [NumberGroup(
        0.0,
        1.0,
        "patch_embedding.",
        "time_embedding.",
        "time_projection.",
        "text_embedding.",
        "img_emb.",
        "blocks.{0-39}.",
        "head.",
        Step = 0.01,
        Default = 1.0
    )]
    public OrderedDictionary<string, double> Ratios { get; } = [];

    public DiffusionModel Execute(NodeContext context) => Merging.Blocks(context, Model1, Model2, Ratios);
}
