using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Mirrors latents.</summary>
[Node("LatentFlip", Category = "latent/transform", DisplayName = "Flip Latent")]
public sealed class LatentFlip : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Choice("x-axis: vertically", "y-axis: horizontally")]
    public string FlipMethod { get; init; } = "x-axis: vertically";

    public Latent Execute(NodeContext context) =>
        Samples with
        {
            Samples = Samples.Samples.Flip(FlipMethod.StartsWith('x') ? 2 : 3),
        };
}
