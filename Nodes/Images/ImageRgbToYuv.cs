using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Brightness and the two colour differences of pictures, as grey pictures.</summary>
[Node("ImageRGBToYUV", Category = "image/batch", Module = "comfy_extras.nodes_morphology", Schema = NodeSchema.V3)]
[Output(0, Name = "Y")]
[Output(1, Name = "U")]
[Output(2, Name = "V")]
public sealed class ImageRgbToYuv : INode<(Image Y, Image U, Image V)>
{
    [Input]
    public required Image Image { get; init; }

    // YCbCr after ITU-R BT.601, differences around one half.
    public (Image Y, Image U, Image V) Execute(NodeContext context)
    {
        var (red, green, blue) = (Channel(0), Channel(1), Channel(2));
        var brightness = (0.299 * red) + (0.587 * green) + (0.114 * blue);
        return (Grey(brightness), Grey(((blue - brightness) * 0.564) + 0.5), Grey(((red - brightness) * 0.713) + 0.5));
    }

    private Tensor Channel(int index) => Image.Pixels.Select(3, index);

    private Image Grey(Tensor values) => new(values.Unsqueeze(3).Expand(-1, -1, -1, Image.Pixels.Length(3)));
}
