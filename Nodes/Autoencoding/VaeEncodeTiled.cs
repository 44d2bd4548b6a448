using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Autoencoding;

/// <summary>Turns pictures into latents in overlapping tiles, which takes less memory.</summary>
[Node("VAEEncodeTiled", Category = "_for_testing", DisplayName = "VAE Encode (Tiled)")]
public sealed class VaeEncodeTiled : INode<Latent>
{
    [Input]
    public required Image Pixels { get; init; }

    [Input]
    public required Vae Vae { get; init; }

    [Number(64, 4096, Step = 64)]
    public int TileSize { get; init; } = 512;

    [Number(0, 4096, Step = 32)]
    public int Overlap { get; init; } = 64;

    [Number(8, 4096, Step = 4, Tooltip = "Only used for video VAEs: Amount of frames to encode at a time.")]
    public int TemporalSize { get; init; } = 64;

    [Number(4, 4096, Step = 4, Tooltip = "Only used for video VAEs: Amount of frames to overlap.")]
    public int TemporalOverlap { get; init; } = 8;

    public Latent Execute(NodeContext context) =>
        new(
            Vae.EncodeTiled(
                Pixels.Pixels,
                TileSize,
                Overlap,
                (done, total) => context.Progress(done, total),
                context.CancellationToken
            )
        );
}
