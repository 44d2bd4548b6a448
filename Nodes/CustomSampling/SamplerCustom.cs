using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Sampling;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>Samples with a sampler and noise levels of one's own.</summary>
[Node("SamplerCustom", Category = "sampling/custom_sampling", Module = "comfy_extras.nodes_custom_sampler")]
public sealed class SamplerCustom : INode<(Latent Output, Latent DenoisedOutput)>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Toggle]
    public bool AddNoise { get; init; } = true;

    [Seed]
    public ulong NoiseSeed { get; init; }

    [Number(0.0, 100.0, Step = 0.1, Round = 0.01)]
    public double Cfg { get; init; } = 8.0;

    [Input]
    public required Conditioning Positive { get; init; }

    [Input]
    public required Conditioning Negative { get; init; }

    [Input]
    public required ISampler Sampler { get; init; }

    [Input]
    public required Sigmas Sigmas { get; init; }

    [Input]
    public required Latent LatentImage { get; init; }

    public (Latent Output, Latent DenoisedOutput) Execute(NodeContext context)
    {
        INoise noise = AddNoise ? new SeededNoise(NoiseSeed) : new NoNoise();
        var guider = new CfgGuider(Model, Positive, Negative, Cfg);
        return LatentSampling.Sample(context, guider, Sampler, Sigmas.Values, LatentImage, noise, NoiseSeed);
    }
}
