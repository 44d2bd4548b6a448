using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Autoencoding;

/// <summary>Turns latents into pictures.</summary>
[Node(
    "VAEDecode",
    Category = "latent",
    DisplayName = "VAE Decode",
    Description = "Decodes latent images back into pixel space images."
)]
[Output(0, Tooltip = "The decoded image.")]
public sealed class VaeDecode : INode<Image>
{
    [Input(Tooltip = "The latent to be decoded.")]
    public required Latent Samples { get; init; }

    [Input(Tooltip = "The VAE model used for decoding the latent.")]
    public required Vae Vae { get; init; }

    public Image Execute(NodeContext context) => new(Vae.Decode(Samples.Samples, context.CancellationToken));
}
