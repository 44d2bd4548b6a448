namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>First half linear, second half quadratic in the share of noise removed: Mochi, Movie Gen (https://arxiv.org/abs/2410.13720).</summary>
internal sealed class LinearQuadraticSchedule : ISchedule
{
    private const double Threshold = 0.025;

    public string Name => "linear_quadratic";

    public float[] Compute(ModelSampling sampling, int steps)
    {
        var sigmaMax = (float)sampling.SigmaMax;
        var removed = steps == 1 ? [0, 1] : Removed(steps);
        return [.. removed.Select(share => (float)(1 - share) * sigmaMax)];
    }

    private static double[] Removed(int steps)
    {
        var linearSteps = steps / 2;
        var quadraticSteps = steps - linearSteps;
        var difference = linearSteps - (Threshold * steps);
        var quadratic = difference / (linearSteps * (double)quadraticSteps * quadraticSteps);
        var linear = (Threshold / linearSteps) - (2 * difference / ((double)quadraticSteps * quadraticSteps));
        var constant = quadratic * linearSteps * linearSteps;

        var removed = new double[steps + 1];
        for (var step = 0; step < steps; step++)
        {
            removed[step] =
                step < linearSteps
                    ? step * Threshold / linearSteps
                    : (quadratic * step * step) + (linear * step) + constant;
        }
        removed[steps] = 1;
        return removed;
    }
}
