using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.PostProcessing;

/// <summary>Finds the edges in pictures.</summary>
[Node("Canny", Category = "image/preprocessors", Module = "comfy_extras.nodes_canny", Schema = NodeSchema.V3)]
public sealed class Canny : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Number(0.01, 0.99, Step = 0.01)]
    public double LowThreshold { get; init; } = 0.4;

    [Number(0.01, 0.99, Step = 0.01)]
    public double HighThreshold { get; init; } = 0.8;

    public Image Execute(NodeContext context) =>
        new(CannyEdges.Find(Image.Pixels, LowThreshold, HighThreshold).Repeat(1, 1, 1, 3));
}
