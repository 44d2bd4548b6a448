using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Polynomial steps in the logarithm of sigma.</summary>
/// <remarks>After get_sigmas_polyexponential of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public static class PolyexponentialSchedule
{
    /// <summary>The schedule between two given levels; a rho of 1 is the exponential one.</summary>
    public static float[] Compute(int steps, double sigmaMin, double sigmaMax, double rho)
    {
        using var scope = new TensorScope();
        var ramp = Tensor.Linspace(1.0, 0.0, steps).Pow(rho);
        var logs = (ramp * (Math.Log(sigmaMax) - Math.Log(sigmaMin))) + Math.Log(sigmaMin);
        return [.. logs.Exp().ToArray<float>(), 0];
    }
}
