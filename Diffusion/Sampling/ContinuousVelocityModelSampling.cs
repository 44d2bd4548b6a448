using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Sampling;

/// <summary>Continuous noise levels whose time is the angle of v-prediction: <c>atan(sigma) * 2 / pi</c>.</summary>
public sealed class ContinuousVelocityModelSampling(double sigmaMin, double sigmaMax)
    : ContinuousModelSampling(new VelocityPrediction(), sigmaMin, sigmaMax)
{
    public override double Timestep(double sigma) => MathF.Atan((float)sigma) / MathF.PI * 2f;

    public override double Sigma(double timestep) => MathF.Tan((float)timestep * MathF.PI / 2f);
}
