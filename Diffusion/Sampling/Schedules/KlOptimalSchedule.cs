namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Equal steps in the arc tangent of sigma, the KL-optimal schedule of Align Your Steps, https://arxiv.org/abs/2404.14507.</summary>
internal sealed class KlOptimalSchedule : ISchedule
{
    public string Name => "kl_optimal";

    public float[] Compute(ModelSampling sampling, int steps)
    {
        var (low, high) = ((float)Math.Atan(sampling.SigmaMin), (float)Math.Atan(sampling.SigmaMax));
        var sigmas = new float[steps + 1];
        for (var step = 0; step < steps; step++)
        {
            // One step divides 0 by 0: the reference's NaN is kept.
            var share = step / (float)(steps - 1);
            sigmas[step] = MathF.Tan((share * low) + ((1 - share) * high));
        }
        return sigmas;
    }
}
