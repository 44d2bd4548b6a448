using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Says where a latent is to be denoised.</summary>
[Node("SetLatentNoiseMask", Category = "latent/inpaint", DisplayName = "Set Latent Noise Mask")]
public sealed class SetLatentNoiseMask : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Input]
    public required Mask Mask { get; init; }

    public Latent Execute(NodeContext context) =>
        Samples with
        {
            NoiseMask = Mask.Values.Reshape(-1, 1, Mask.Values.Length(-2), Mask.Values.Length(-1)),
        };
}
