using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Rectified flow with Flux's exponential time shift; the network takes sigma itself as time.</summary>
/// <remarks>time_shift of https://github.com/black-forest-labs/flux/blob/802fb47/src/flux/sampling.py (Apache-2.0).</remarks>
/// <param name="shift">Mu of the shift; 1.15 fits 1024x1024.</param>
public sealed class FluxModelSampling(double shift = 1.15) : ModelSampling(new FlowPrediction())
{
    private const int Steps = 10000;

    private readonly float[] _sigmas = Table(shift);

    public override IReadOnlyList<float> Sigmas => _sigmas;

    /// <summary>The shift for a picture's size, linear in the number of image tokens between 256 and 4096.</summary>
    public static double ShiftFor(double maxShift, double baseShift, int width, int height)
    {
        var slope = (maxShift - baseShift) / (4096 - 256);
        return ((double)width * height / (8 * 8 * 2 * 2) * slope) + (baseShift - (slope * 256));
    }

    public override double Timestep(double sigma) => sigma;

    public override double Sigma(double timestep) => Shifted(shift, (float)timestep);

    public override double PercentToSigma(double percent)
    {
        if (percent <= 0)
        {
            return 1;
        }
        return percent >= 1 ? 0 : Math.Exp(shift) / (Math.Exp(shift) + ((1 / (1 - percent)) - 1));
    }

    private static float[] Table(double shift)
    {
        var sigmas = new float[Steps];
        for (var index = 0; index < Steps; index++)
        {
            sigmas[index] = Shifted(shift, (index + 1) / (float)Steps);
        }
        return sigmas;
    }

    private static float Shifted(double shift, float time)
    {
        var factor = (float)Math.Exp(shift);
        return 1f / (factor + ((1f / time) - 1f)) * factor;
    }
}
