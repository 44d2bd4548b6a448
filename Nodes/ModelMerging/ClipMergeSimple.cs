using NodeHost.Diffusion.Merging;
using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.ModelMerging;

/// <summary>Mixes two text encoders: a ratio of 1 is the first, 0 the second.</summary>
[Node("CLIPMergeSimple", Category = "advanced/model_merging", Module = "comfy_extras.nodes_model_merging")]
public sealed class ClipMergeSimple : INode<Clip>
{
    [Input]
    public required Clip Clip1 { get; init; }

    [Input]
    public required Clip Clip2 { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Ratio { get; init; } = 1.0;

    public Clip Execute(NodeContext context) => Merging.Report(context, ModelMerge.Mix(Clip1, Clip2, Ratio));
}
