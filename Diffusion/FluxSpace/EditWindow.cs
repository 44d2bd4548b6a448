using NodeHost.Diffusion.Sampling;

namespace NodeHost.Diffusion.FluxSpace;

/// <summary>The part of a run in which an edit acts, in fractions of the run; both bounds belong to it.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
public readonly record struct EditWindow(double Start, double End)
{
    public static readonly EditWindow Whole = new(0, 1);

    /// <summary>Whether a call at this noise level lies inside; bounds are compared in double precision, as they come.</summary>
    public bool Contains(ModelSampling sampling, double sigma)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        return sigma <= sampling.PercentToSigma(Start) && sigma >= sampling.PercentToSigma(End);
    }
}
