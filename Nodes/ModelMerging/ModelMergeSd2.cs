using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Mixes two models of Stable Diffusion 2, block by block.</summary>
[Node(
    "ModelMergeSD2",
    Category = "advanced/model_merging/model_specific",
    Module = "comfy_extras.nodes_model_merging_model_specific"
)]
public sealed class ModelMergeSd2 : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model1 { get; init; }

    [Input]
    public required DiffusionModel Model2 { get; init; }

    [NumberGroup(
        0.0,
        1.0,
        "time_embed.",
        "label_emb.",
        "input_blocks.{0-11}.",
        "middle_block.{0-2}.",
        "output_blocks.{0-11}.",
        "out.",
        Step = 0.01,
        Default = 1.0
    )]
    public OrderedDictionary<string, double> Ratios { get; } = [];

    public DiffusionModel Execute(NodeContext context) => Merging.Blocks(context, Model1, Model2, Ratios);
}
