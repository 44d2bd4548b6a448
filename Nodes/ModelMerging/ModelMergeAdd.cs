using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>The sum of two models: one of them is a difference, as subtraction gives it.</summary>
[Node("ModelMergeAdd", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging")]
public sealed class ModelMergeAdd : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model1 { get; init; }

    [Input]
    public required DiffusionModel Model2 { get; init; }

    public DiffusionModel Execute(NodeContext context) => Merging.Report(context, ModelMerge.Add(Model1, Model2));
}
