using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Autoencoding;

/// <summary>Turns pictures into latents.</summary>
[Node("VAEEncode", Category = "latent", DisplayName = "VAE Encode")]
public sealed class VaeEncode : INode<Latent>
{
    [Input]
    public required Image Pixels { get; init; }

    [Input]
    public required Vae Vae { get; init; }

    public Latent Execute(NodeContext context) => new(Vae.Encode(Pixels.Pixels, context.CancellationToken));
}
