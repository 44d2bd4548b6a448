using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Mixes two models: a ratio of 1 is the first, 0 the second.</summary>
[Node("ModelMergeSimple", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging")]
public sealed class ModelMergeSimple : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model1 { get; init; }

    [Input]
    public required DiffusionModel Model2 { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Ratio { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) =>
        Merging.Report(context, ModelMerge.Mix(Model1, Model2, Ratio));
}
