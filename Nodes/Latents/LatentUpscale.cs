using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Resizes latents to a size given in pixels; a side of 0 follows from the other.</summary>
[Node("LatentUpscale", Category = "latent", DisplayName = "Upscale Latent")]
public sealed class LatentUpscale : INode<Latent>
{
    private const int Smallest = 64;

    [Input]
    public required Latent Samples { get; init; }

    [Choice("nearest-exact", "bilinear", "area", "bicubic", LatentScaling.Bislerp)]
    public string UpscaleMethod { get; init; } = "nearest-exact";

    [Number(0, 16384, Step = 8)]
    public int Width { get; init; } = 512;

    [Number(0, 16384, Step = 8)]
    public int Height { get; init; } = 512;

    [Choice("disabled", "center")]
    public string Crop { get; init; } = "disabled";

    public Latent Execute(NodeContext context)
    {
        if (Width == 0 && Height == 0)
        {
            return Samples;
        }
        var (oldHeight, oldWidth) = (Samples.Samples.Length(-2), Samples.Samples.Length(-1));
        var height = Height == 0 ? Follow(oldHeight, Math.Max(Smallest, Width), oldWidth) : Math.Max(Smallest, Height);
        var width = Width == 0 ? Follow(oldWidth, Math.Max(Smallest, Height), oldHeight) : Math.Max(Smallest, Width);
        var resized = LatentScaling.Resize(
            Samples.Samples,
            width / LatentGrid.Pixels,
            height / LatentGrid.Pixels,
            UpscaleMethod,
            Crop == "center"
        );
        return Samples with { Samples = resized };
    }

    // Halves round to even, as in Python.
    private static long Follow(long oldSide, long newOther, long oldOther) =>
        Math.Max(Smallest, (long)Math.Round((double)oldSide * newOther / oldOther));
}
