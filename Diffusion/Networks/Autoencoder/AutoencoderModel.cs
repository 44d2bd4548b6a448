using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Layers;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Networks.Autoencoder;

/// <summary>The autoencoder between pictures and latents (AutoencoderKL), of Stable Diffusion and of Flux.</summary>
/// <remarks>
/// "High-Resolution Image Synthesis with Latent Diffusion Models", Rombach et al. 2022. Mirrors AutoEncoder (Apache-2.0):
/// https://github.com/black-forest-labs/flux/blob/802fb47/src/flux/modules/autoencoder.py
/// </remarks>
public sealed class AutoencoderModel
{
    private readonly Encoder _encoder;
    private readonly Decoder _decoder;
    private readonly Conv2d? _quantConv;
    private readonly Conv2d? _postQuantConv;

    public AutoencoderModel(Weights w, AutoencoderConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        Config = config;
        Place = w.Place;
        _encoder = new(w["encoder"], config);
        _decoder = new(w["decoder"], config);
        if (config.HasQuantConvolutions)
        {
            _quantConv = new(w["quant_conv"], config.LatentChannels * 2, config.LatentChannels * 2, kernel: 1);
            _postQuantConv = new(w["post_quant_conv"], config.LatentChannels, config.LatentChannels, kernel: 1);
        }
    }

    public AutoencoderConfig Config { get; }

    /// <summary>Where the weights are, and the type it computes in.</summary>
    public ComputePlace Place { get; }

    /// <summary>x [B, 3, H, W] in -1..1 to the mean of its latents [B, C, h, w], without sampling.</summary>
    public Tensor Encode(Tensor x)
    {
        var moments = _encoder.Forward(x);
        return (_quantConv?.Forward(moments) ?? moments).Slice(1, 0, Config.LatentChannels);
    }

    /// <summary>z [B, C, h, w] to pictures [B, 3, H, W] in about -1..1.</summary>
    public Tensor Decode(Tensor z) => _decoder.Forward(_postQuantConv?.Forward(z) ?? z);
}
