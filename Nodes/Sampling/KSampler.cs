using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Sampling;

/// <summary>Denoises a latent with a model, conditioning and a schedule.</summary>
[Node(
    "KSampler",
    Category = "sampling",
    Description = "Uses the provided model, positive and negative conditioning to denoise the latent image."
)]
[Output(0, Tooltip = "The denoised latent.")]
public sealed class KSampler : INode<Latent>
{
    [Input(Tooltip = "The model used for denoising the input latent.")]
    public required DiffusionModel Model { get; init; }

    [Seed(Tooltip = "The random seed used for creating the noise.")]
    public ulong Seed { get; init; }

    [Number(1, 10000, Tooltip = "The number of steps used in the denoising process.")]
    public int Steps { get; init; } = 20;

    [Number(
        0.0,
        100.0,
        Step = 0.1,
        Round = 0.01,
        Tooltip = "The Classifier-Free Guidance scale balances creativity and adherence to the prompt. Higher values result in images more closely matching the prompt however too high values will negatively impact quality."
    )]
    public double Cfg { get; init; } = 8.0;

    [Choice(
        typeof(SamplerNames),
        Tooltip = "The algorithm used when sampling, this can affect the quality, speed, and style of the generated output."
    )]
    public string SamplerName { get; init; } = "euler";

    [Choice(
        typeof(SchedulerNames),
        Tooltip = "The scheduler controls how noise is gradually removed to form the image."
    )]
    public string Scheduler { get; init; } = "simple";

    [Input(Tooltip = "The conditioning describing the attributes you want to include in the image.")]
    public required Conditioning Positive { get; init; }

    [Input(Tooltip = "The conditioning describing the attributes you want to exclude from the image.")]
    public required Conditioning Negative { get; init; }

    [Input(Tooltip = "The latent image to denoise.")]
    public required Latent LatentImage { get; init; }

    [Number(
        0.0,
        1.0,
        Step = 0.01,
        Tooltip = "The amount of denoising applied, lower values will maintain the structure of the initial image allowing for image to image sampling."
    )]
    public double Denoise { get; init; } = 1.0;

    public Latent Execute(NodeContext context)
    {
        var sampler = SamplerCatalogue.Get(SamplerName);
        var sigmas = ScheduleCatalogue.Compute(
            ScheduleCatalogue.Get(Scheduler),
            Model.Sampling,
            Steps,
            Denoise,
            sampler.DropsPenultimateSigma
        );
        var guider = new CfgGuider(Model, Positive, Negative, Cfg);
        return LatentSampling.Sample(context, guider, sampler, sigmas, LatentImage, new SeededNoise(Seed), Seed).Output;
    }
}
