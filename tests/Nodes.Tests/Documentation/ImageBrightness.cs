using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Tests.Nodes.Documentation;

/// <summary>Multiplies a picture's brightness, where a mask says so.</summary>
[Node("ImageBrightness", Category = "image/adjust", DisplayName = "Brightness")]
public sealed class ImageBrightness : INode<(Image Image, double Mean)>
{
    [Input(Tooltip = "The pictures to change.")]
    public required Image Image { get; init; }

    [Number(0.0, 10.0, Step = 0.05)]
    public double Factor { get; init; } = 1.0;

    [Choice("clip", "stretch")]
    public string Overflow { get; init; } = "clip";

    [Input(Tooltip = "Where to change them; everywhere, if nothing is connected.")]
    public Mask? Mask { get; init; }

    public (Image Image, double Mean) Execute(NodeContext context)
    {
        var brighter = Image.Pixels * Factor; // [B, H, W, C]
        brighter = Overflow == "clip" ? brighter.Clamp(0, 1) : brighter / brighter.Max().Item();
        if (Mask is not null)
        {
            var weight = Mask.Values.Unsqueeze(3); // [B, H, W, 1]
            brighter = (Image.Pixels * (1 - weight)) + (brighter * weight);
        }
        return (new Image(brighter), brighter.Mean().Item());
    }
}
