using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Flux;

/// <summary>Resizes a picture to the size among those Kontext was trained on whose proportions come nearest.</summary>
[Node(
    "FluxKontextImageScale",
    Category = "advanced/conditioning/flux",
    Description = "This node resizes the image to one that is more optimal for flux kontext.",
    Module = "comfy_extras.nodes_flux",
    Schema = NodeSchema.V3
)]
public sealed class FluxKontextImageScale : INode<Image>
{
    /// <remarks>
    /// PREFERED_KONTEXT_RESOLUTIONS of Black Forest Labs (Apache-2.0):
    /// https://github.com/black-forest-labs/flux/blob/main/src/flux/util.py
    /// </remarks>
    private static readonly (int Width, int Height)[] Sizes =
    [
        (672, 1568),
        (688, 1504),
        (720, 1456),
        (752, 1392),
        (800, 1328),
        (832, 1248),
        (880, 1184),
        (944, 1104),
        (1024, 1024),
        (1104, 944),
        (1184, 880),
        (1248, 832),
        (1328, 800),
        (1392, 752),
        (1456, 720),
        (1504, 688),
        (1568, 672),
    ];

    [Input]
    public required Image Image { get; init; }

    public Image Execute(NodeContext context)
    {
        var aspect = (double)Image.Width / Image.Height;
        var (width, height) = Sizes.MinBy(size => Math.Abs(aspect - ((double)size.Width / size.Height)));
        return new Image(ImageScaling.Resize(Image.Pixels, width, height, UpscaleMethod.Lanczos, cropCentre: true));
    }
}
