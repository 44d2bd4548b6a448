using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Mixes two models with a ratio for each side of the UNet.</summary>
[Node("ModelMergeBlocks", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging")]
public sealed class ModelMergeBlocks : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model1 { get; init; }

    [Input]
    public required DiffusionModel Model2 { get; init; }

    [NumberGroup(0.0, 1.0, "input", "middle", "out", Step = 0.01, Default = 1.0)]
    public OrderedDictionary<string, double> Ratios { get; } = [];

    public DiffusionModel Execute(NodeContext context) => Merging.Blocks(context, Model1, Model2, Ratios);
}
