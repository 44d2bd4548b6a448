using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Mixes two models of Flux, block by block.</summary>
[Node(
    "ModelMergeFlux1",
    Category = "advanced/model_merging/model_specific",
    Module = "comfy_extras.nodes_model_merging_model_specific"
)]
public sealed class ModelMergeFlux1 : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model1 { get; init; }

    [Input]
    public required DiffusionModel Model2 { get; init; }

    [NumberGroup(
        0.0,
        1.0,
        "img_in.",
        "time_in.",
        "guidance_in",
        "vector_in.",
        "txt_in.",
        "double_blocks.{0-18}.",
        "single_blocks.{0-37}.",
        "final_layer.",
        Step = 0.01,
        Default = 1.0
    )]
    public OrderedDictionary<string, double> Ratios { get; } = [];

    public DiffusionModel Execute(NodeContext context) => Merging.Blocks(context, Model1, Model2, Ratios);
}
