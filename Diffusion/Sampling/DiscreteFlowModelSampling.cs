using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Rectified flow over a table of equal steps, shifted towards noise (SD3, Flux schnell).</summary>
/// <param name="shift">How far the schedule leans towards noise; 1 = not at all.</param>
/// <param name="multiplier">Factor from sigma to the network's time (1000 for SD3, 1 for schnell).</param>
/// <param name="prediction">What the network predicts; rectified flow when not given.</param>
public sealed class DiscreteFlowModelSampling(
    double shift = 1,
    double multiplier = 1000,
    IPrediction? prediction = null
) : ModelSampling(prediction ?? new FlowPrediction())
{
    private const int Steps = 1000;

    private readonly float[] _sigmas = Table(shift, multiplier);

    public override IReadOnlyList<float> Sigmas => _sigmas;

    /// <summary>Factor from sigma to the network's time; a change of the shift keeps it.</summary>
    public double Multiplier => multiplier;

    public override double Timestep(double sigma) => (float)sigma * (float)multiplier;

    public override double Sigma(double timestep) => Shifted(shift, (float)timestep / (float)multiplier);

    public override double PercentToSigma(double percent)
    {
        if (percent <= 0)
        {
            return 1;
        }
        if (percent >= 1)
        {
            return 0;
        }
        var time = 1 - percent;
        return shift == 1 ? time : shift * time / (1 + ((shift - 1) * time));
    }

    private static float[] Table(double shift, double multiplier)
    {
        var sigmas = new float[Steps];
        for (var index = 0; index < Steps; index++)
        {
            sigmas[index] = Shifted(shift, (index + 1) / (float)Steps * (float)multiplier / (float)multiplier);
        }
        return sigmas;
    }

    private static float Shifted(double shift, float time) =>
        shift == 1 ? time : (float)shift * time / (1f + ((float)(shift - 1) * time));
}
