using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Sampling;

/// <summary>
/// The cosine schedule, https://arxiv.org/abs/2102.09672, over continuous time, as Stable Cascade takes it: signal
/// <c>cos^2((t + s) / (1 + s) * pi / 2)</c>, shifted for larger pictures.
/// </summary>
/// <remarks>
/// As _alpha_cumprod of diffusers' DDPMWuerstchenScheduler (Apache-2.0); the shift of the logarithm of the signal-to-noise
/// ratio is that of simple diffusion, https://arxiv.org/abs/2301.11093, section 3.1.
/// </remarks>
/// <param name="shift">Times a picture's side is that of the schedule's own resolution.</param>
public sealed class CosineModelSampling(double shift = 1) : ModelSampling(new EpsPrediction())
{
    private const int Steps = 10000;
    private const double Offset = 0.008;
    private const double LeastSignal = 0.0001;

    private static readonly double FirstSignal = Math.Pow(Math.Cos(Offset / (1 + Offset) * Math.PI / 2), 2);

    private readonly float[] _sigmas =
    [
        .. Enumerable.Range(1, Steps).Select(step => (float)LevelAt((double)step / Steps, shift)),
    ];

    public override IReadOnlyList<float> Sigmas => _sigmas;

    /// <summary>Time of the unshifted schedule, which the network was trained with.</summary>
    public override double Timestep(double sigma)
    {
        var signal = Math.Clamp(1 / ((sigma * sigma) + 1), 0, 1);
        return (Math.Acos(Math.Sqrt(signal * FirstSignal)) / (Math.PI / 2) * (1 + Offset)) - Offset;
    }

    public override double Sigma(double timestep) => LevelAt(timestep, shift);

    public override double PercentToSigma(double percent)
    {
        if (percent <= 0)
        {
            return 999999999.9;
        }
        return percent >= 1 ? 0 : LevelAt(1 - percent, shift);
    }

    private static double LevelAt(double time, double shift)
    {
        var signal = Math.Pow(Math.Cos((time + Offset) / (1 + Offset) * Math.PI / 2), 2) / FirstSignal;
        if (shift != 1)
        {
            var odds = signal / (1 - signal) / (shift * shift);
            signal = double.IsInfinity(odds) ? 1 : odds / (1 + odds);
        }
        signal = Math.Clamp(signal, LeastSignal, 1 - LeastSignal);
        return Math.Sqrt((1 - signal) / signal);
    }
}
