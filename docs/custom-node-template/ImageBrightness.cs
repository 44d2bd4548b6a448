using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace CustomNodes;

/// <summary>Multiplies a picture's brightness.</summary>
[Node("ImageBrightness", Category = "custom/image", DisplayName = "Image Brightness")]
public sealed class ImageBrightness : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Number(0.0, 10.0, Step = 0.05)]
    public double Factor { get; init; } = 1.0;

    // Tensors made here are freed after the run, except what is returned.
    public Image Execute(NodeContext context) => new((Image.Pixels * Factor).Clamp(0, 1));
}
