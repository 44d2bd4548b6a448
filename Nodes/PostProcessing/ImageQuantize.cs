using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Images.Quantization;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.PostProcessing;

/// <summary>Reduces each picture to few colours of its own.</summary>
[Node(
    "ImageQuantize",
    Category = "image/postprocessing",
    Module = "comfy_extras.nodes_post_processing",
    Schema = NodeSchema.V3
)]
public sealed class ImageQuantize : INode<Image>
{
    [Input]
    public required Image Image { get; init; }

    [Number(1, 256, Step = 1)]
    public int Colors { get; init; } = 256;

    [Choice("none", "floyd-steinberg", "bayer-2", "bayer-4", "bayer-8", "bayer-16")]
    public string Dither { get; init; } = "none";

    public Image Execute(NodeContext context) =>
        new(
            ImageTensors.ToTensor([
                .. ImageTensors.ToPictures(Image.Pixels).Select(picture => Quantize(picture.ToChannels(3))),
            ])
        );

    private PixelBuffer Quantize(PixelBuffer picture)
    {
        var palette = MedianCut.Build(picture, Colors);
        return Dither switch
        {
            "none" => PaletteMapping.Nearest(picture, palette),
            "floyd-steinberg" => PaletteMapping.FloydSteinberg(picture, palette),
            _ => PaletteMapping.Nearest(BayerMatrix.Apply(picture, BayerOrder()), palette),
        };
    }

    private int BayerOrder() =>
        Dither switch
        {
            "bayer-2" => 2,
            "bayer-4" => 4,
            "bayer-8" => 8,
            _ => 16,
        };
}
