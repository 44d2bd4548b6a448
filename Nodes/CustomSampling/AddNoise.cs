using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Adds noise to a latent, up to a noise level.</summary>
[Node("AddNoise", Category = "_for_testing/custom_sampling/noise", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class AddNoise : INode<Latent>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required INoise Noise { get; init; }

    [Input]
    public required Sigmas Sigmas { get; init; }

    [Input]
    public required Latent LatentImage { get; init; }

    public Latent Execute(NodeContext context)
    {
        if (Sigmas.Count == 0)
        {
            return LatentImage;
        }
        var scale = Sigmas.Count > 1 ? Math.Abs(Sigmas[0] - Sigmas[^1]) : Sigmas[0];
        var samples = LatentImage.Samples;
        var latent = samples.Any() ? Model.LatentFormat.ProcessIn(samples) : samples;
        var noisy = Model.Sampling.NoiseScaling(scale, Noise.Generate(LatentImage), latent);
        noisy = Model.LatentFormat.ProcessOut(noisy);
        return LatentImage with { Samples = noisy.IsFinite().Where(noisy, Tensor.ZerosLike(noisy)) };
    }
}
