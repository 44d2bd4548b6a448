using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Autoencoding;

/// <summary>Gives an InstructPix2Pix model the picture that its prompt is an instruction for.</summary>
[Node(
    "InstructPixToPixConditioning",
    Category = "conditioning/instructpix2pix",
    Module = "comfy_extras.nodes_ip2p",
    Schema = NodeSchema.V3
)]
[Output(0, Name = "positive")]
[Output(1, Name = "negative")]
[Output(2, Name = "latent")]
public sealed class InstructPixToPixConditioning : INode<(Conditioning Positive, Conditioning Negative, Latent Latent)>
{
    [Input]
    public required Conditioning Positive { get; init; }

    [Input]
    public required Conditioning Negative { get; init; }

    [Input]
    public required Vae Vae { get; init; }

    [Input]
    public required Image Pixels { get; init; }

    public (Conditioning Positive, Conditioning Negative, Latent Latent) Execute(NodeContext context)
    {
        var picture = Vae.Encode(Pixels.Pixels, context.CancellationToken);
        Conditioning WithPicture(Conditioning prompts) =>
            prompts.Select(entry => entry with { ConcatLatentImage = picture });
        return (WithPicture(Positive), WithPicture(Negative), new Latent(Tensor.ZerosLike(picture)));
    }
}
