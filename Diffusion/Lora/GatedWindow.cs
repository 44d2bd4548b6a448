using NodeHost.Diffusion.Sampling;

namespace NodeHost.Diffusion.Lora;

/// <summary>A part [start, end) of a run during which a LoRA applies, in fractions of the run.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it is over.</param>
/// <param name="Strength">Factor inside.</param>
public sealed record GatedWindow(double Start, double End, double Strength = 1)
{
    /// <summary>Whether a step at this noise level lies inside. A bound is reached as a keyframe is: in float32, ties included.</summary>
    public bool Contains(ModelSampling sampling, double sigma) =>
        IsReached(sampling, Start, sigma) && !IsReached(sampling, End, sigma);

    internal static bool IsReached(ModelSampling sampling, double percent, double sigma) =>
        (float)sampling.PercentToSigma(percent) >= (float)sigma;
}
