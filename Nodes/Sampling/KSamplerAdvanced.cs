using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Models;
using NodeHost.Diffusion.Sampling;
using NodeHost.Diffusion.Sampling.Guidance;
using NodeHost.Diffusion.Sampling.Schedules;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Sampling;

/// <summary>Denoises over a part of a schedule, with or without adding noise first.</summary>
[Node("KSamplerAdvanced", Category = "sampling", DisplayName = "KSampler (Advanced)")]
public sealed class KSamplerAdvanced : INode<Latent>
{
    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice("enable", "disable")]
    public string AddNoise { get; init; } = "enable";

    [Seed]
    public ulong NoiseSeed { get; init; }

    [Number(1, 10000)]
    public int Steps { get; init; } = 20;

    [Number(0.0, 100.0, Step = 0.1, Round = 0.01)]
    public double Cfg { get; init; } = 8.0;

    [Choice(typeof(SamplerNames))]
    public string SamplerName { get; init; } = "euler";

    [Choice(typeof(SchedulerNames))]
    public string Scheduler { get; init; } = "simple";

    [Input]
    public required Conditioning Positive { get; init; }

    [Input]
    public required Conditioning Negative { get; init; }

    [Input]
    public required Latent LatentImage { get; init; }

    [Number(0, 10000)]
    public int StartAtStep { get; init; }

    [Number(0, 10000)]
    public int EndAtStep { get; init; } = 10000;

    [Choice("disable", "enable")]
    public string ReturnWithLeftoverNoise { get; init; } = "disable";

    public Latent Execute(NodeContext context)
    {
        var sampler = SamplerCatalogue.Get(SamplerName);
        var schedule = ScheduleCatalogue.Get(Scheduler);
        var all = ScheduleCatalogue.Compute(schedule, Model.Sampling, Steps, 1, sampler.DropsPenultimateSigma);
        var sigmas = Part(all);
        if (sigmas.Length == 0)
        {
            return LatentImage;
        }
        INoise noise = AddNoise == "disable" ? new NoNoise() : new SeededNoise(NoiseSeed);
        var guider = new CfgGuider(Model, Positive, Negative, Cfg);
        return LatentSampling.Sample(context, guider, sampler, sigmas, LatentImage, noise, NoiseSeed).Output;
    }

    /// <summary>The noise levels from the first step to the last; none where the first lies behind the last.</summary>
    private float[] Part(float[] sigmas)
    {
        if (EndAtStep < sigmas.Length - 1)
        {
            sigmas = sigmas[..(EndAtStep + 1)];
            if (ReturnWithLeftoverNoise == "disable")
            {
                sigmas[^1] = 0;
            }
        }
        return StartAtStep < sigmas.Length - 1 ? sigmas[StartAtStep..] : [];
    }
}
