using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Samplers;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.CustomSampling;

/// <summary>LCM sampling of a latent that grows on the way.</summary>
[Node(
    "SamplerLCMUpscale",
    Category = "sampling/custom_sampling/samplers",
    Module = "comfy_extras.nodes_advanced_samplers",
    Schema = NodeSchema.V3
)]
public sealed class SamplerLcmUpscale : INode<ISampler>
{
    [Number(0.1, 20.0, Step = 0.01)]
    public double ScaleRatio { get; init; } = 1.0;

    [Number(-1, 1000, Step = 1)]
    public int ScaleSteps { get; init; } = -1;

    [Choice("bislerp", "nearest-exact", "bilinear", "area", "bicubic")]
    public string UpscaleMethod { get; init; } = "bislerp";

    public ISampler Execute(NodeContext context) =>
        new LcmUpscaleSampler(ScaleRatio, ScaleSteps < 0 ? null : ScaleSteps, UpscaleMethod);
}
