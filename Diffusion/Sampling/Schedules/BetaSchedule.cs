namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Times at equal quantiles of a beta distribution, dense at both ends: https://arxiv.org/abs/2407.12173.</summary>
public sealed class BetaSchedule : ISchedule
{
    public string Name => "beta";

    public float[] Compute(ModelSampling sampling, int steps) => Compute(sampling, steps, 0.6, 0.6);

    /// <summary>The schedule for a given shape of the distribution.</summary>
    public static float[] Compute(ModelSampling sampling, int steps, double alpha, double beta)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        var table = sampling.Sigmas;
        var sigmas = new List<float>(steps + 1);
        var last = -1.0;
        for (var step = 0; step < steps; step++)
        {
            var quantile = BetaDistribution.Quantile(1 - (step * (1.0 / steps)), alpha, beta);
            var time = Math.Round(quantile * (table.Count - 1), MidpointRounding.ToEven);
            if (time != last)
            {
                sigmas.Add(table[(int)time]);
            }
            last = time;
        }
        return [.. sigmas, 0];
    }
}
