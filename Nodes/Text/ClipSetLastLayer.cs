using NodeHost.Diffusion.Text;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Text;

/// <summary>Takes a text's hidden states from an earlier layer ("CLIP skip").</summary>
[Node("CLIPSetLastLayer", Category = "conditioning", DisplayName = "CLIP Set Last Layer")]
public sealed class ClipSetLastLayer : INode<Clip>
{
    [Input]
    public required Clip Clip { get; init; }

    [Number(-24, -1, Step = 1)]
    public int StopAtClipLayer { get; init; } = -1;

    public Clip Execute(NodeContext context) => Clip with { LastLayer = StopAtClipLayer };
}
