using NodeHost.Diffusion.Conditions;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.FluxSpace;

/// <summary>What a test run of a tiny model depends on besides the model.</summary>
internal sealed record SampleSettings
{
    public int Steps { get; init; } = 4;

    /// <summary>Steps at the beginning of the schedule that are left out, as KSamplerAdvanced does.</summary>
    public int StartAt { get; init; }

    public double Denoise { get; init; } = 1;

    public double Cfg { get; init; } = 1;

    public int Batch { get; init; } = 1;

    public string Sampler { get; init; } = "euler";

    public string Scheduler { get; init; } = "simple";

    public Conditioning? Positive { get; init; }

    public Conditioning? Negative { get; init; }

    /// <summary>Where to denoise [H, W]; null: everywhere.</summary>
    public Tensor? NoiseMask { get; init; }
}
