using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Autoencoding;

/// <summary>Gives an inpainting model the picture around the mask, beside the prompts.</summary>
[Node("InpaintModelConditioning", Category = "conditioning/inpaint")]
[Output(2, Name = "latent")]
public sealed class InpaintModelConditioning : INode<(Conditioning Positive, Conditioning Negative, Latent Latent)>
{
    [Input]
    public required Conditioning Positive { get; init; }

    [Input]
    public required Conditioning Negative { get; init; }

    [Input]
    public required Vae Vae { get; init; }

    [Input]
    public required Image Pixels { get; init; }

    [Input]
    public required Mask Mask { get; init; }

    [Toggle(
        Tooltip = "Add a noise mask to the latent so sampling will only happen within the mask. Might improve results or completely break things depending on the model."
    )]
    public bool NoiseMask { get; init; } = true;

    public (Conditioning Positive, Conditioning Negative, Latent Latent) Execute(NodeContext context)
    {
        var picture = InpaintPicture.Of(Pixels.Pixels, Mask.Values, Vae.Downscale);
        var surroundings = Vae.Encode(picture.Greyed(), context.CancellationToken);
        var latent = new Latent(Vae.Encode(Pixels.Pixels, context.CancellationToken))
        {
            NoiseMask = NoiseMask ? picture.Mask : null,
        };
        Conditioning WithPicture(Conditioning prompts) =>
            prompts.Select(entry => entry with { ConcatLatentImage = surroundings, ConcatMask = picture.Mask });
        return (WithPicture(Positive), WithPicture(Negative), latent);
    }
}
