using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Networks.Upscaling;

/// <summary>The numbers of Real-ESRGAN's compact network.</summary>
public sealed record CompactConfig
{
    public long Features { get; init; } = 64;

    /// <summary>Convolutions between the first and the last.</summary>
    public int Convolutions { get; init; } = 16;

    public int Scale { get; init; } = 4;

    /// <summary>Whether activations have a slope for each channel; else they are zero below zero.</summary>
    public bool HasSlopes { get; init; } = true;

    /// <summary>The same architecture, small enough for tests.</summary>
    public static CompactConfig Tiny { get; } =
        new()
        {
            Features = 8,
            Convolutions = 2,
            Scale = 2,
        };

    /// <summary>Reads the numbers off a checkpoint's keys and shapes.</summary>
    public static CompactConfig From(Weights w)
    {
        var layers = Enumerable
            .Range(0, 256)
            .TakeWhile(layer => layer % 2 == 1 || w["body"].HasUnder($"{layer}"))
            .Count();
        var last = (layers - 1) / 2 * 2;
        if (
            w["body"][0].ShapeOf("weight") is not [var features, 3, 3, 3]
            || w["body"][last].ShapeOf("weight") is not [var outputs, _, 3, 3]
            || (int)Math.Round(Math.Sqrt(outputs / 3.0)) is not (>= 1 and var scale)
            || scale * scale * 3 != outputs
        )
        {
            throw new WeightException(
                "Real-ESRGAN (compact): 'body.0.weight' [features, 3, 3, 3] and the last layer [3 * scale * scale, features, 3, 3] "
                    + "tell the sizes, and are not so. Expected a network for pictures of three channels."
            );
        }
        return new CompactConfig
        {
            Features = features,
            Convolutions = last / 2 - 1,
            Scale = scale,
            HasSlopes = w["body"].HasUnder("1"),
        };
    }
}
