using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Autoencoder;

/// <summary>Latents to pictures.</summary>
internal sealed class Decoder
{
    private readonly Conv2d _convIn;
    private readonly MiddleBlock _middle;
    private readonly List<Func<Tensor, Tensor>> _up = [];
    private readonly GroupNorm _normOut;
    private readonly Conv2d _convOut;

    public Decoder(Weights w, AutoencoderConfig config)
    {
        var top = config.Multipliers.Count - 1;
        var channels = config.ChannelsOf(top);
        _convIn = new(w["conv_in"], config.LatentChannels, channels, kernel: 3, padding: 1);
        _middle = new(w["mid"], channels);
        for (var level = top; level >= 0; level--)
        {
            var levelWeights = w["up"][level];
            for (var block = 0; block <= config.ResBlocks; block++)
            {
                _up.Add(new ResnetBlock(levelWeights["block"][block], channels, config.ChannelsOf(level)).Forward);
                channels = config.ChannelsOf(level);
            }
            if (level > 0)
            {
                _up.Add(new Upsample(levelWeights["upsample"], channels).Forward);
            }
        }
        _normOut = new(w["norm_out"], channels, epsilon: 1e-6);
        _convOut = new(w["conv_out"], channels, 3, kernel: 3, padding: 1);
    }

    /// <summary>z [B, latent channels, h, w] to [B, 3, H, W] in about -1..1.</summary>
    public Tensor Forward(Tensor z) =>
        NetworkBlock.Chain(
            z,
            [
                _convIn.Forward,
                .. _middle.Blocks,
                .. _up,
                hidden => _convOut.Forward(Functional.Silu(_normOut.Forward(hidden))),
            ]
        );
}
