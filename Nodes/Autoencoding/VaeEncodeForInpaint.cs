using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Autoencoding;

/// <summary>Turns a picture into a latent whose masked part is grey and will be painted anew.</summary>
[Node("VAEEncodeForInpaint", Category = "latent/inpaint", DisplayName = "VAE Encode (for Inpainting)")]
public sealed class VaeEncodeForInpaint : INode<Latent>
{
    [Input]
    public required Image Pixels { get; init; }

    [Input]
    public required Vae Vae { get; init; }

    [Input]
    public required Mask Mask { get; init; }

    [Number(0, 64, Step = 1)]
    public int GrowMaskBy { get; init; } = 6;

    public Latent Execute(NodeContext context)
    {
        var picture = InpaintPicture.Of(Pixels.Pixels, Mask.Values, Vae.Downscale);
        return new(Vae.Encode(picture.Greyed(), context.CancellationToken))
        {
            NoiseMask = picture.GrownMask(GrowMaskBy),
        };
    }
}
