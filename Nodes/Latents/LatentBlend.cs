using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Mixes two latents; the second takes the size of the first.</summary>
[Node("LatentBlend", Category = "_for_testing", DisplayName = "Latent Blend")]
public sealed class LatentBlend : INode<Latent>
{
    [Input]
    public required Latent Samples1 { get; init; }

    [Input]
    public required Latent Samples2 { get; init; }

    [Number(0, 1, Step = 0.01)]
    public double BlendFactor { get; init; } = 0.5;

    public Latent Execute(NodeContext context)
    {
        var first = Samples1.Samples;
        var second = Samples2.Samples;
        if (!first.Shape.SequenceEqual(second.Shape))
        {
            second = LatentScaling.Resize(second, first.Length(3), first.Length(2), "bicubic", cropCentre: true);
        }
        return Samples1 with { Samples = first * BlendFactor + second * (1 - BlendFactor) };
    }
}
