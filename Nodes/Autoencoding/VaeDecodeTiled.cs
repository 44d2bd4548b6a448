using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Autoencoding;

/// <summary>Turns latents into pictures in overlapping tiles, which takes less memory.</summary>
[Node("VAEDecodeTiled", Category = "_for_testing", DisplayName = "VAE Decode (Tiled)")]
public sealed class VaeDecodeTiled : INode<Image>
{
    [Input]
    public required Latent Samples { get; init; }

    [Input]
    public required Vae Vae { get; init; }

    [Number(64, 4096, Step = 32)]
    public int TileSize { get; init; } = 512;

    [Number(0, 4096, Step = 32)]
    public int Overlap { get; init; } = 64;

    [Number(8, 4096, Step = 4, Tooltip = "Only used for video VAEs: Amount of frames to decode at a time.")]
    public int TemporalSize { get; init; } = 64;

    [Number(4, 4096, Step = 4, Tooltip = "Only used for video VAEs: Amount of frames to overlap.")]
    public int TemporalOverlap { get; init; } = 8;

    public Image Execute(NodeContext context)
    {
        var overlap = Math.Min(Overlap, TileSize / 4);
        return new(
            Vae.DecodeTiled(
                Samples.Samples,
                TileSize / Vae.Downscale,
                overlap / Vae.Downscale,
                (done, total) => context.Progress(done, total),
                context.CancellationToken
            )
        );
    }
}
