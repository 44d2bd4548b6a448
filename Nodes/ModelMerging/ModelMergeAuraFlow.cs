using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Mixes two models of AuraFlow, block by block.</summary>
[Node(
    "ModelMergeAuraflow",
    Category = "advanced/model_merging/model_specific",
    Module = "comfy_extras.nodes_model_merging_model_specific"
)]
public sealed class ModelMergeAuraFlow : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model1 { get; init; }

    [Input]
    public required DiffusionModel Model2 { get; init; }

    [NumberGroup(
        0.0,
        1.0,
        "init_x_linear.",
        "positional_encoding",
        "cond_seq_linear.",
        "register_tokens",
        "t_embedder.",
        "double_layers.{0-3}.",
        "single_layers.{0-31}.",
        "modF.",
        "final_linear.",
        Step = 0.01,
        Default = 1.0
    )]
    public OrderedDictionary<string, double> Ratios { get; } = [];

    public DiffusionModel Execute(NodeContext context) => Merging.Blocks(context, Model1, Model2, Ratios);
}
