using NodeHost.Diffusion.Hooks;
using NodeHost.Diffusion.Sampling;

namespace NodeHost.Diffusion.Models;

/// <summary>Where a forward pass stands in a sampling run.</summary>
public sealed record ForwardStep
{
    /// <summary>Noise level of this pass.</summary>
    public required double Sigma { get; init; }

    /// <summary>All noise levels of the run, from the first to the last; empty outside a run.</summary>
    public IReadOnlyList<double> SampleSigmas { get; init; } = [];

    /// <summary>For each equal part of the batch: 0 = positive conditioning, 1 = negative.</summary>
    public IReadOnlyList<int> ConditioningParts { get; init; } = [];

    public CancellationToken Cancellation { get; init; }

    /// <summary>The noise levels in force; null outside a run.</summary>
    public ModelSampling? Sampling { get; init; }

    /// <summary>The pass of the model's wrapper that is under way; null in a plain pass.</summary>
    public ForwardPass? Pass { get; init; }

    /// <summary>Whether the pass was asked for by a guidance hook, beside those of the guider.</summary>
    public bool IsExtra { get; init; }

    /// <summary>What hooks keep from step to step; null for a pass on its own.</summary>
    public RunMemory? Memory => Run?.Memory;

    /// <summary>Tells the passes of one step apart.</summary>
    internal string Key { get; init; } = "";

    /// <summary>Adapters that apply with the conditioning of this pass.</summary>
    internal HookGroup? Hooks { get; init; }

    /// <summary>What lasts as long as the sampling run; null for a pass on its own.</summary>
    internal ForwardRun? Run { get; init; }
}
