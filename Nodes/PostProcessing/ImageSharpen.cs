using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.PostProcessing;

/// <summary>Sharpens pictures.</summary>
[Node(
    "ImageSharpen",
    Category = "image/postprocessing",
    Module = "comfy_extras.nodes_post_processing",
    Schema = NodeSchema.V3
)]
public sealed class ImageSharpen : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Number(1, 31, Step = 1)]
    public int SharpenRadius { get; init; } = 1;

    [Number(0.1, 10.0, Step = 0.01)]
    public double Sigma { get; init; } = 1;

    [Number(0.0, 5.0, Step = 0.01)]
    public double Alpha { get; init; } = 1;

    public Image Execute(NodeContext context) => new(GaussianFilter.Sharpen(Image.Pixels, SharpenRadius, Sigma, Alpha));
}
