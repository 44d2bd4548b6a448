using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.PostProcessing;

/// <summary>Grows, shrinks and combines bright areas of pictures.</summary>
[Node(
    "Morphology",
    Category = "image/postprocessing",
    DisplayName = "ImageMorphology",
    Module = "comfy_extras.nodes_morphology",
    Schema = NodeSchema.V3
)]
public sealed class ImageMorphology : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Choice("erode", "dilate", "open", "close", "gradient", "bottom_hat", "top_hat")]
    public string Operation { get; init; } = "erode";

    [Number(3, 999, Step = 1)]
    public int KernelSize { get; init; } = 3;

    public Image Execute(NodeContext context) =>
        new(
            Morphology.Apply(
                Image.Pixels,
                Operation switch
                {
                    "erode" => MorphologyOperation.Erode,
                    "dilate" => MorphologyOperation.Dilate,
                    "open" => MorphologyOperation.Open,
                    "close" => MorphologyOperation.Close,
                    "gradient" => MorphologyOperation.Gradient,
                    "bottom_hat" => MorphologyOperation.BottomHat,
                    _ => MorphologyOperation.TopHat,
                },
                KernelSize
            )
        );
}
