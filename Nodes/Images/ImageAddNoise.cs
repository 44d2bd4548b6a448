using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Images;

/// <summary>Adds Gaussian noise to pictures.</summary>
[Node("ImageAddNoise", Category = "image", Module = "comfy_extras.nodes_images")]
public sealed class ImageAddNoise : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Seed(Tooltip = "The random seed used for creating the noise.")]
    public ulong Seed { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Strength { get; init; } = 0.5;

    public Image Execute(NodeContext context)
    {
        using var generator = new Generator(Seed);
        var noise = Tensor.Randn(Image.Pixels.Shape, generator).To(Image.Pixels.Device);
        return new Image((Image.Pixels + (Strength * noise)).Clamp(0, 1));
    }
}
