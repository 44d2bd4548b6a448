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
}
