using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Autoencoder;

/// <summary>Pictures to the moments (mean and log variance) of latents.</summary>
internal sealed class Encoder
{
    private readonly Conv2d _convIn;
    private readonly List<Func<Tensor, Tensor>> _down = [];
    private readonly MiddleBlock _middle;
    private readonly GroupNorm _normOut;
    private readonly Conv2d _convOut;

    public Encoder(Weights w, AutoencoderConfig config)
    {
        _convIn = new(w["conv_in"], 3, config.Channels, kernel: 3, padding: 1);
        var channels = config.Channels;
        for (var level = 0; level < config.Multipliers.Count; level++)
        {
            var levelWeights = w["down"][level];
            for (var block = 0; block < config.ResBlocks; block++)
            {
                _down.Add(new ResnetBlock(levelWeights["block"][block], channels, config.ChannelsOf(level)).Forward);
                channels = config.ChannelsOf(level);
            }
            if (level < config.Multipliers.Count - 1)
            {
                _down.Add(new Downsample(levelWeights["downsample"], channels).Forward);
            }
        }
        _middle = new(w["mid"], channels);
        _normOut = new(w["norm_out"], channels, epsilon: 1e-6);
        _convOut = new(w["conv_out"], channels, config.LatentChannels * 2, kernel: 3, padding: 1);
    }

    /// <summary>x [B, 3, H, W] in -1..1 to [B, 2 * latent channels, h, w].</summary>
    public Tensor Forward(Tensor x) =>
        NetworkBlock.Chain(
            x,
            [
                _convIn.Forward,
                .. _down,
                .. _middle.Blocks,
                hidden => _convOut.Forward(Functional.Silu(_normOut.Forward(hidden))),
            ]
        );
}
