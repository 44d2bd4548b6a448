using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>Equal quantiles of a Laplace distribution of log sigma, https://arxiv.org/abs/2407.03297; it does not end at 0.</summary>
public static class LaplaceSchedule
{
    private const double Epsilon = 1e-5;

    /// <summary>The schedule, clamped to two given levels.</summary>
    public static float[] Compute(int steps, double sigmaMin, double sigmaMax, double mu, double beta)
    {
        using var scope = new TensorScope();
        var positions = Tensor.Linspace(0.0, 1.0, steps).ToArray<float>();
        return
        [
            .. positions.Select(position =>
            {
                var offset = 0.5 - position;
                var log = mu - (beta * Math.Sign(offset) * Math.Log(1 - (2 * Math.Abs(offset)) + Epsilon));
                return (float)Math.Clamp(Math.Exp(log), sigmaMin, Math.Max(sigmaMin, sigmaMax));
            }),
        ];
    }
}
