using NodeHost.Diffusion.Latents;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Mixes two latents, directions and lengths apart; the second takes the shape of the first.</summary>
[Node("LatentInterpolate", Category = "latent/advanced", Module = "comfy_extras.nodes_latent", Schema = NodeSchema.V3)]
public sealed class LatentInterpolate : INode<Latent>
{
    [Input]
    public required Latent Samples1 { get; init; }

    [Input]
    public required Latent Samples2 { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Ratio { get; init; } = 1.0;

    public Latent Execute(NodeContext context)
    {
        var second = LatentScaling.Match(Samples2.Samples, Samples1.Samples);
        return Samples1 with { Samples = LatentMixing.Interpolate(Samples1.Samples, second, Ratio) };
    }
}
