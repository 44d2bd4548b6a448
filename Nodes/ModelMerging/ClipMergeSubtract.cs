using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>What one of two text encoders has over the other.</summary>
[Node("CLIPMergeSubtract", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging")]
public sealed class ClipMergeSubtract : INode<Clip>
{
    [Input]
    public required Clip Clip1 { get; init; }

    [Input]
    public required Clip Clip2 { get; init; }

    [Number(-10.0, 10.0, Step = 0.01)]
    public double Multiplier { get; init; } = 1.0;

    public Clip Execute(NodeContext context) => Merging.Report(context, ModelMerge.Subtract(Clip1, Clip2, Multiplier));
}
