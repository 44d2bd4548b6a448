using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Continuous noise levels whose time is that of a rectified flow: <c>sigma / (1 + sigma)</c>.</summary>
public sealed class ContinuousFlowModelSampling(double sigmaMin, double sigmaMax)
    : ContinuousModelSampling(new ScaledFlowPrediction(), sigmaMin, sigmaMax)
{
    public override double Timestep(double sigma) => sigma / (sigma + 1);

    public override double Sigma(double timestep) =>
        timestep >= Timestep(SigmaMax) ? SigmaMax : timestep / (1 - timestep);
}
