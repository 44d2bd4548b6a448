using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>What one of two models has over the other.</summary>
[Node("ModelMergeSubtract", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging")]
public sealed class ModelMergeSubtract : INode<DiffusionModel>
{
    [Input]
    public required DiffusionModel Model1 { get; init; }

    [Input]
    public required DiffusionModel Model2 { get; init; }

    [Number(-10.0, 10.0, Step = 0.01)]
    public double Multiplier { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) =>
        Merging.Report(context, ModelMerge.Subtract(Model1, Model2, Multiplier));
}
