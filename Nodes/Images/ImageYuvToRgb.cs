using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Pictures from their brightness and colour differences.</summary>
[Node("ImageYUVToRGB", Category = "image/batch", Module = "comfy_extras.nodes_morphology", Schema = NodeSchema.V3)]
public sealed class ImageYuvToRgb : INode<Image>
{
    [Input(Name = "Y")]
    public required Image Y { get; init; }

    [Input(Name = "U")]
    public required Image U { get; init; }

    [Input(Name = "V")]
    public required Image V { get; init; }

    public Image Execute(NodeContext context)
    {
        var brightness = Grey(Y);
        var (blueness, redness) = (Grey(U) - 0.5, Grey(V) - 0.5);
        var red = brightness + (1.403 * redness);
        var green = brightness - (0.714 * redness) - (0.344 * blueness);
        var blue = brightness + (1.773 * blueness);
        return new Image(Tensor.Concat([red, green, blue], 3));
    }

    private static Tensor Grey(Image image) => image.Pixels.Mean([-1], keepDimensions: true);
}
