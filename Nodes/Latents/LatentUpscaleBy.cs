using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Resizes latents by a factor.</summary>
[Node("LatentUpscaleBy", Category = "latent", DisplayName = "Upscale Latent By")]
public sealed class LatentUpscaleBy : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Choice("nearest-exact", "bilinear", "area", "bicubic", LatentScaling.Bislerp)]
    public string UpscaleMethod { get; init; } = "nearest-exact";

    [Number(0.01, 8.0, Step = 0.01)]
    public double ScaleBy { get; init; } = 1.5;

    public Latent Execute(NodeContext context)
    {
        // Halves round to even, as in Python.
        var width = (long)Math.Round(Samples.Samples.Length(3) * ScaleBy);
        var height = (long)Math.Round(Samples.Samples.Length(2) * ScaleBy);
        return Samples with { Samples = LatentScaling.Resize(Samples.Samples, width, height, UpscaleMethod) };
    }
}
