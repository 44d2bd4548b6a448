using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Networks.Autoencoder;

/// <summary>The numbers of a convolutional autoencoder.</summary>
public sealed record AutoencoderConfig
{
    public long LatentChannels { get; init; } = 4;

    public long Channels { get; init; } = 128;

    /// <summary>Channels of each level, as multiples of <see cref="Channels"/>.</summary>
    public IReadOnlyList<int> Multipliers { get; init; } = [1, 2, 4, 4];

    /// <summary>Residual blocks of each level of the encoder; the decoder has one more.</summary>
    public int ResBlocks { get; init; } = 2;

    /// <summary>Whether 1x1 convolutions stand between latent and networks (not in Flux's).</summary>
    public bool HasQuantConvolutions { get; init; } = true;

    public static AutoencoderConfig Sd15 { get; } = new();

    public static AutoencoderConfig Flux { get; } = new() { LatentChannels = 16, HasQuantConvolutions = false };

    /// <summary>The same architecture, small enough for tests.</summary>
    public static AutoencoderConfig Tiny { get; } = new() { Channels = 32, Multipliers = [1, 1, 1, 2] };

    /// <summary>Pixels along each side of a latent element.</summary>
    public int Downscale => 1 << (Multipliers.Count - 1);

    internal long ChannelsOf(int level) => Channels * Multipliers[level];

    /// <summary>Reads the numbers off a checkpoint's keys and shapes.</summary>
    public static AutoencoderConfig From(Weights w)
    {
        if (
            w["encoder"]["conv_in"].ShapeOf("weight") is not [var channels, 3, 3, 3]
            || w["decoder"]["conv_in"].ShapeOf("weight") is not [_, var latentChannels, 3, 3]
        )
        {
            throw new WeightException(
                "VAE: 'encoder.conv_in.weight' and 'decoder.conv_in.weight' must be 3x3 convolutions over RGB and latent; "
                    + "this autoencoder is not supported."
            );
        }
        var down = w["encoder"]["down"];
        var levels = down.CountNumbered();
        return new AutoencoderConfig
        {
            LatentChannels = latentChannels,
            Channels = channels,
            Multipliers =
            [
                .. Enumerable
                    .Range(0, levels)
                    .Select(level =>
                        down[level]["block"][0]["conv1"].ShapeOf("weight") is [var outputs, ..]
                            ? (int)(outputs / channels)
                            : 0
                    ),
            ],
            ResBlocks = down[0]["block"].CountNumbered(),
            HasQuantConvolutions = w["quant_conv"].Has("weight"),
        };
    }
}
