using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Networks.Upscaling;

/// <summary>The numbers of an RRDB network (ESRGAN, Real-ESRGAN and what was trained from them).</summary>
public sealed record RrdbConfig
{
    public long Features { get; init; } = 64;

    /// <summary>Features that each convolution of a dense block adds.</summary>
    public long Growth { get; init; } = 32;

    public int Blocks { get; init; } = 23;

    /// <summary>How often the picture is doubled at the end.</summary>
    public int Doublings { get; init; } = 2;

    /// <summary>Pixels along a side that are folded into channels first: the way to scales of 2 and 1.</summary>
    public int Folding { get; init; } = 1;

    /// <summary>ESRGAN and Real-ESRGAN x4plus.</summary>
    public static RrdbConfig X4 { get; } = new();

    /// <summary>The same architecture, small enough for tests.</summary>
    public static RrdbConfig Tiny { get; } =
        new()
        {
            Features = 8,
            Growth = 4,
            Blocks = 2,
        };

    public int Scale => (1 << Doublings) / Folding;

    /// <summary>Reads the numbers off a checkpoint's keys and shapes, by BasicSR's names.</summary>
    public static RrdbConfig From(Weights w)
    {
        if (
            w["conv_first"].ShapeOf("weight") is not [var features, var inputs, 3, 3]
            || w["body"][0]["rdb1"]["conv1"].ShapeOf("weight") is not [var growth, _, 3, 3]
            || w["conv_last"].ShapeOf("weight") is not [3, _, 3, 3]
            || inputs is not (3 or 12 or 48)
        )
        {
            throw new WeightException(
                "ESRGAN: 'conv_first.weight' [features, 3, 3, 3] (or 12 or 48 channels), 'body.0.rdb1.conv1.weight' and "
                    + "'conv_last.weight' [3, features, 3, 3] tell the sizes, and are not so. Expected a network for pictures of three channels."
            );
        }
        var config = new RrdbConfig
        {
            Features = features,
            Growth = growth,
            Blocks = w["body"].CountNumbered(),
            Doublings = Enumerable.Range(1, 8).TakeWhile(number => w.HasUnder($"conv_up{number}")).Count(),
            Folding = (int)Math.Sqrt(inputs / 3.0),
        };
        return config.Scale >= 1
            ? config
            : throw new WeightException(
                $"ESRGAN: {config.Folding} pixels a side are folded into channels, and {config.Doublings} doublings do not undo it."
            );
    }
}
