using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Sampling;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Samples with a guider, a sampler, noise and noise levels of one's own.</summary>
[Node("SamplerCustomAdvanced", Category = "sampling/custom_sampling", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class SamplerCustomAdvanced : INode<(Latent Output, Latent DenoisedOutput)>
{
    [Input]
    public required INoise Noise { get; init; }

    [Input]
    public required IGuider Guider { get; init; }

    [Input]
    public required ISampler Sampler { get; init; }

    [Input]
    public required Sigmas Sigmas { get; init; }

    [Input]
    public required Latent LatentImage { get; init; }

    public (Latent Output, Latent DenoisedOutput) Execute(NodeContext context) =>
        LatentSampling.Sample(context, Guider, Sampler, Sigmas.Values, LatentImage, Noise, Noise.Seed);
}
