using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>The noise schedule of Karras et al. (2022), https://arxiv.org/abs/2206.00364, equation 5.</summary>
/// <remarks>After get_sigmas_karras of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class KarrasSchedule : ISchedule
{
    public string Name => "karras";

    public float[] Compute(ModelSampling sampling, int steps)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        return Compute(steps, sampling.SigmaMin, sampling.SigmaMax);
    }

    /// <summary>The schedule between two given levels.</summary>
    public static float[] Compute(int steps, double sigmaMin, double sigmaMax, double rho = 7)
    {
        using var scope = new TensorScope();
        var ramp = Tensor.Linspace(0.0, 1.0, steps);
        var (low, high) = (Math.Pow(sigmaMin, 1 / rho), Math.Pow(sigmaMax, 1 / rho));
        return [.. ((ramp * (low - high)) + high).Pow(rho).ToArray<float>(), 0];
    }
}
