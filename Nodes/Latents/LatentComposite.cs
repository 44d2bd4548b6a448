using NodeHost.Diffusion.Latents;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Lays one latent upon another at a place given in pixels, with soft edges.</summary>
[Node("LatentComposite", Category = "latent", DisplayName = "Latent Composite")]
public sealed class LatentComposite : INode<Latent>
{
    [Input]
    public required Latent SamplesTo { get; init; }

    [Input]
    public required Latent SamplesFrom { get; init; }

    [Number(0, 16384, Step = 8)]
    public int X { get; init; }

    [Number(0, 16384, Step = 8)]
    public int Y { get; init; }

    [Number(0, 16384, Step = 8)]
    public int Feather { get; init; }

    public Latent Execute(NodeContext context) =>
        SamplesTo with
        {
            Samples = LatentMixing.Paste(
                SamplesTo.Samples,
                SamplesFrom.Samples,
                X / LatentGrid.Pixels,
                Y / LatentGrid.Pixels,
                Feather / LatentGrid.Pixels
            ),
        };
}
