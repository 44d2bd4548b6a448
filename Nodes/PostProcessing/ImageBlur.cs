using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.PostProcessing;

/// <summary>Blurs pictures.</summary>
[Node(
    "ImageBlur",
    Category = "image/postprocessing",
    Module = "comfy_extras.nodes_post_processing",
    Schema = NodeSchema.V3
)]
public sealed class ImageBlur : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Number(1, 31, Step = 1)]
    public int BlurRadius { get; init; } = 1;

    [Number(0.1, 10.0, Step = 0.1)]
    public double Sigma { get; init; } = 1;

    public Image Execute(NodeContext context) => new(GaussianFilter.Blur(Image.Pixels, BlurRadius, Sigma));
}
