namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Optimal Stepsize for Diffusion Sampling, https://arxiv.org/abs/2503.21774: levels searched for one model.</summary>
/// <remarks>
/// FLUX (10 steps) and Wan (20) are the authors' figures, https://github.com/bebebe666/OptimalSteps. Chroma's are a logistic curve
/// (docs/decisions/schedules-of-papers.md).
/// </remarks>
public static class OptimalStepsSchedule
{
    private const double Least = 0.001;

    private static readonly IReadOnlyDictionary<string, double[]> Tables = new Dictionary<string, double[]>
    {
        ["FLUX"] = [0.9968, 0.9886, 0.9819, 0.975, 0.966, 0.9471, 0.9158, 0.8287, 0.5512, 0.2808, Least],
        ["Wan"] =
        [
            .. (double[])[1, 0.997, 0.995, 0.993, 0.991, 0.989, 0.987, 0.985, 0.98, 0.975, 0.973],
            .. (double[])[0.968, 0.96, 0.946, 0.927, 0.902, 0.864, 0.776, 0.539, 0.208, Least],
        ],
        ["Chroma"] = [.. Enumerable.Range(0, 40).Select(step => Logistic(0.2 * (24 - step))), Least],
    };

    /// <param name="model">FLUX, Wan or Chroma.</param>
    /// <param name="steps">Steps of the whole schedule.</param>
    /// <param name="denoise">Share of the steps, from the end, that is kept.</param>
    public static float[] Compute(string model, int steps, double denoise) =>
        TabulatedSchedule.Compute(Tables, model, steps, denoise);

    // In float32 the middle, 0.5005, is rounded up.
    private static double Logistic(double x) =>
        Math.Round((float)(Least + ((1 - Least) / (1 + Math.Exp(-x)))), 3, MidpointRounding.AwayFromZero);
}
