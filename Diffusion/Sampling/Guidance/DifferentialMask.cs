using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Guidance;

/// <summary>
/// Differential diffusion, https://arxiv.org/abs/2306.00950: a grey mask says from which part of the run on a place is
/// changed.
/// </summary>
/// <param name="strength">Share of the thresholded mask; the rest is the grey one.</param>
public sealed class DifferentialMask(double strength = 1) : IDenoiseMaskHook
{
    public Tensor Apply(Tensor mask, float sigma, IReadOnlyList<float> sigmas, ModelSampling sampling)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var last = sigmas[^1] > sampling.SigmaMin ? sigmas[^1] : (float)sampling.SigmaMin;
        var (start, end) = (sampling.Timestep(sigmas[0]), sampling.Timestep(last));
        var threshold = (sampling.Timestep(sigma) - end) / (start - end);
        var hard = mask.GreaterOrEqual(threshold).To(mask.DType);
        return strength is > 0 and < 1 ? (hard * strength) + (mask * (1 - strength)) : hard;
    }
}
