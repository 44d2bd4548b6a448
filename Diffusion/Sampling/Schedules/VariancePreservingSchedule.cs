using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>The noise levels of a continuous variance-preserving process at equal steps of its time, https://arxiv.org/abs/2011.13456.</summary>
/// <remarks>After get_sigmas_vp of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public static class VariancePreservingSchedule
{
    /// <summary>The schedule of a linear beta, from time 1 down to <paramref name="lastTime"/>.</summary>
    public static float[] Compute(int steps, double betaSlope, double betaMin, double lastTime)
    {
        using var scope = new TensorScope();
        var time = Tensor.Linspace(1.0, lastTime, steps);
        var exponent = (time.Pow(2) * betaSlope / 2) + (time * betaMin);
        return [.. (exponent.Exp() - 1).Sqrt().ToArray<float>(), 0];
    }
}
