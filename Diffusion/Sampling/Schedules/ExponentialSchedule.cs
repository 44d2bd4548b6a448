using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Equal steps in the logarithm of sigma.</summary>
/// <remarks>After get_sigmas_exponential of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class ExponentialSchedule : ISchedule
{
    public string Name => "exponential";

    public float[] Compute(ModelSampling sampling, int steps)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        return Compute(steps, sampling.SigmaMin, sampling.SigmaMax);
    }

    /// <summary>The schedule between two given levels.</summary>
    public static float[] Compute(int steps, double sigmaMin, double sigmaMax)
    {
        using var scope = new TensorScope();
        return [.. Tensor.Linspace(Math.Log(sigmaMax), Math.Log(sigmaMin), steps).Exp().ToArray<float>(), 0];
    }
}
