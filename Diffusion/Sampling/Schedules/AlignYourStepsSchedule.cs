using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Align Your Steps, https://arxiv.org/abs/2404.14507: levels that make a few steps follow the exact path best.</summary>
/// <remarks>
/// The published times and levels of ten steps, https://research.nvidia.com/labs/toronto-ai/AlignYourSteps/howto.html (also
/// AysSchedules of diffusers, Apache-2.0); times of image models are read in their table of noise levels.
/// </remarks>
public static class AlignYourStepsSchedule
{
    private static readonly IReadOnlyDictionary<string, double[]> Tables = new Dictionary<string, double[]>
    {
        ["SD1"] = AtTimes(999, 850, 736, 645, 545, 455, 343, 233, 124, 24, 0),
        ["SDXL"] = AtTimes(999, 845, 730, 587, 443, 310, 193, 116, 53, 13, 0),
        ["SVD"] = [700.00, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002],
    };

    /// <param name="model">SD1, SDXL or SVD.</param>
    /// <param name="steps">Steps of the whole schedule.</param>
    /// <param name="denoise">Share of the steps, from the end, that is kept.</param>
    public static float[] Compute(string model, int steps, double denoise) =>
        TabulatedSchedule.Compute(Tables, model, steps, denoise);

    private static double[] AtTimes(params IReadOnlyList<int> times)
    {
        var sampling = new DiscreteModelSampling(new EpsPrediction());
        return [.. times.Select(time => (double)sampling.Sigmas[time])];
    }
}
