using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Extended reverse-time SDE solver, https://arxiv.org/abs/2309.06169, in up to three stages.</summary>
/// <param name="maxStage">Highest order of the expansion.</param>
/// <param name="noiseScale">Factor of the noise added.</param>
/// <param name="noiseScaler">The paper's phi; its ER-SDE-5 when not given.</param>
public sealed class ErSdeSampler(int maxStage = 3, double noiseScale = 1, Func<double, double>? noiseScaler = null)
    : ISampler
{
    private const int IntegrationPoints = 200;

    private readonly Func<double, double> _phi = noiseScaler ?? (x => x * (Math.Exp(Math.Pow(x, 0.3)) + 10));

    public string Name => "er_sde";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var snr = new LogSignalToNoise(run.ModelSampling);
        var sigmas = snr.WithFiniteStart(run.Sigmas);
        var lambdas = sigmas.Select(sigma => MathF.Exp(-snr.Lambda(sigma))).ToArray();
        using var noise = run.GaussianNoise();
        Tensor? x = run.Start();
        Tensor? previous = null;
        Tensor? previousSlope = null;
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var denoised = run.Denoise(x!, sigma);
            run.Report(step, sigma, denoised, x!);
            var stage = Math.Min(maxStage, step + 1);
            if (next == 0)
            {
                scope.Carry(ref x, denoised);
                scope.Carry(ref previous, denoised);
                continue;
            }
            double lambda = lambdas[step];
            double target = lambdas[step + 1];
            var alpha = next / target;
            var alphaRatio = alpha / (sigma / lambda);
            var ratio = _phi(target) / _phi(lambda);
            var stepped = (x! * (alphaRatio * ratio)).AddScaled(denoised, alpha * (1 - ratio));
            if (stage >= 2)
            {
                var dt = target - lambda;
                var slope = (denoised - previous!) / (lambda - lambdas[step - 1]);
                stepped = stepped.AddScaled(slope, alpha * (dt + (Sum(target, dt, _ => 1) * _phi(target))));
                if (stage >= 3)
                {
                    var curvature = (slope - previousSlope!) / ((lambda - lambdas[step - 2]) / 2);
                    var integral = Sum(target, dt, position => position - lambda);
                    stepped = stepped.AddScaled(curvature, alpha * ((dt * dt / 2) + (integral * _phi(target))));
                }
                scope.Carry(ref previousSlope, slope);
            }
            var variance = (target * target) - (lambda * lambda * ratio * ratio);
            if (noiseScale > 0)
            {
                var deviation = variance > 0 ? Math.Sqrt(variance) : 0;
                stepped = stepped.AddScaled(noise.Next(sigma, next), alpha * noiseScale * deviation);
            }
            scope.Carry(ref x, stepped);
            scope.Carry(ref previous, denoised);
        }
        return x!;
    }

    /// <summary>The integral of <c>weight / phi</c> over the step, as the reference's Riemann sum.</summary>
    private double Sum(double target, double dt, Func<double, double> weight)
    {
        var stepSize = -dt / IntegrationPoints;
        var sum = 0.0;
        for (var point = 0; point < IntegrationPoints; point++)
        {
            var position = target + (point * stepSize);
            sum += weight(position) / _phi(position);
        }
        return sum * stepSize;
    }
}
