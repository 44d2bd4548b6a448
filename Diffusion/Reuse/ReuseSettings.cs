using NodeHost.Diffusion.Sampling;

namespace NodeHost.Diffusion.Reuse;

/// <summary>When a prediction may be made from the last one instead of by the network.</summary>
/// <param name="Name">What messages call it: its node.</param>
/// <param name="Level">Which prediction.</param>
/// <param name="Threshold">How much relative change may add up before the network runs again; 0: it always runs.</param>
/// <param name="Start">Fraction of the run from which on predictions are reused.</param>
/// <param name="End">Fraction of the run up to which they are.</param>
/// <param name="Verbose">Whether each step is shown.</param>
public sealed record ReuseSettings(
    string Name,
    ReuseLevel Level,
    double Threshold,
    double Start,
    double End,
    bool Verbose = false
)
{
    /// <summary>Whether a noise level lies in the part of the run where predictions are reused.</summary>
    public bool Covers(ModelSampling sampling, double sigma)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        return sigma <= sampling.PercentToSigma(Start) && sigma > sampling.PercentToSigma(End);
    }
}
