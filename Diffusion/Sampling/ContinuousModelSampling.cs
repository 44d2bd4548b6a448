using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Noise levels without a trained table, between two bounds, with EDM's time: <c>log(sigma) / 4</c>.</summary>
public class ContinuousModelSampling : ModelSampling
{
    private const int TableSize = 1000;

    private readonly double _sigmaMin;
    private readonly double _sigmaMax;
    private readonly float[] _sigmas = new float[TableSize];

    public ContinuousModelSampling(IPrediction prediction, double sigmaMin, double sigmaMax)
        : base(prediction)
    {
        (_sigmaMin, _sigmaMax) = (sigmaMin, sigmaMax);
        var (start, end) = ((float)Math.Log(sigmaMin), (float)Math.Log(sigmaMax));
        var step = (end - start) / (TableSize - 1);
        for (var index = 0; index < TableSize; index++)
        {
            var log = index < TableSize / 2 ? start + (step * index) : end - (step * (TableSize - 1 - index));
            _sigmas[index] = MathF.Exp(log);
        }
    }

    public override IReadOnlyList<float> Sigmas => _sigmas;

    public override double Timestep(double sigma) => 0.25f * MathF.Log((float)sigma);

    public override double Sigma(double timestep) => MathF.Exp((float)timestep / 0.25f);

    public override double PercentToSigma(double percent)
    {
        if (percent <= 0)
        {
            return 999999999.9;
        }
        if (percent >= 1)
        {
            return 0;
        }
        var low = Math.Log(_sigmaMin);
        return Math.Exp(((Math.Log(_sigmaMax) - low) * (1 - percent)) + low);
    }
}
