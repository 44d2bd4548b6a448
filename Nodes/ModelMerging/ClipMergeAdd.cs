using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>The sum of two text encoders: one of them is a difference, as subtraction gives it.</summary>
[Node("CLIPMergeAdd", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging")]
public sealed class ClipMergeAdd : INode<Clip>
{
    [Input]
    public required Clip Clip1 { get; init; }

    [Input]
    public required Clip Clip2 { get; init; }

    public Clip Execute(NodeContext context) => Merging.Report(context, ModelMerge.Add(Clip1, Clip2));
}
