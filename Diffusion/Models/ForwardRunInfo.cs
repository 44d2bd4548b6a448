using NodeHost.Diffusion.Sampling;

namespace NodeHost.Diffusion.Models;

/// <summary>What is known of a sampling run before its first step.</summary>
public sealed record ForwardRunInfo
{
    /// <summary>The noise levels in force, whatever nodes changed them.</summary>
    public required ModelSampling Sampling { get; init; }

    /// <summary>All noise levels of the run; empty outside one.</summary>
    public IReadOnlyList<double> SampleSigmas { get; init; } = [];

    /// <summary>How many steps the run has.</summary>
    public int StepCount => Math.Max(0, SampleSigmas.Count - 1);

    /// <summary>Indexes of the steps whose noise level passes.</summary>
    public IReadOnlyList<int> StepsWhere(Func<double, bool> passes) =>
        [.. SampleSigmas.SkipLast(1).Index().Where(step => passes(step.Item)).Select(step => step.Index)];

    /// <summary>Whether some step's noise level passes; true outside a run, where there is none to ask.</summary>
    public bool AnyStep(Func<double, bool> passes) => StepCount == 0 || SampleSigmas.SkipLast(1).Any(passes);

    /// <summary>Tells the user something that is no error.</summary>
    public Action<RunWarning>? Warn { get; init; }

    /// <summary>Shows how the work goes, to who asked for it.</summary>
    public Action<string>? Log { get; init; }
}
