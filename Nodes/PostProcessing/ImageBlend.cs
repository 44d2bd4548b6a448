using NodeHost.Graph.Contracts;
using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.PostProcessing;

/// <summary>Mixes two pictures.</summary>
[Node(
    "ImageBlend",
    Category = "image/postprocessing",
    Module = "comfy_extras.nodes_post_processing",
    Schema = NodeSchema.V3
)]
public sealed class ImageBlend : INode<Image>
{
    [Input]
    public required Image Image1 { get; init; }

    [Input]
    public required Image Image2 { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double BlendFactor { get; init; } = 0.5;

    [Choice("normal", "multiply", "screen", "overlay", "soft_light", "difference")]
    public string BlendMode { get; init; } = "normal";

    public Image Execute(NodeContext context)
    {
        var lower = Image1.Pixels;
        var upper = BatchSize.MatchChannels(lower, Image2.Pixels);
        if ((Image1.Height, Image1.Width) != (Image2.Height, Image2.Width))
        {
            upper = ImageScaling.Resize(upper, Image1.Width, Image1.Height, UpscaleMethod.Bicubic, cropCentre: true);
        }

        var blended = Blending.Blend(lower, upper, Mode());
        return new Image(((lower * (1 - BlendFactor)) + (blended * BlendFactor)).Clamp(0, 1));
    }

    private BlendMode Mode() =>
        BlendMode switch
        {
            "multiply" => NodeHost.Images.Operations.BlendMode.Multiply,
            "screen" => NodeHost.Images.Operations.BlendMode.Screen,
            "overlay" => NodeHost.Images.Operations.BlendMode.Overlay,
            "soft_light" => NodeHost.Images.Operations.BlendMode.SoftLight,
            "difference" => NodeHost.Images.Operations.BlendMode.Difference,
            _ => NodeHost.Images.Operations.BlendMode.Normal,
        };
}
