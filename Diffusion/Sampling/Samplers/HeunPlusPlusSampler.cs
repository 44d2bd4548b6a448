using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Heun++ by Carzit, https://github.com/Carzit/sd-webui-sampler-heunpp: Heun's method with up to three weighted slopes.</summary>
/// <remarks>Slopes count by the noise level they were taken at, relative to the first level of the run.</remarks>
public sealed class HeunPlusPlusSampler : ISampler
{
    public string Name => "heunpp2";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var denoised = run.Denoise(x!, sigma);
            run.Report(step, sigma, denoised, x!);
            var slope = SamplerMath.ToDerivative(x!, sigma, denoised);
            if (next != sigmas[^1])
            {
                slope = WeightedSlope(run, x!, slope, step);
            }
            scope.Carry(ref x, x!.AddScaled(slope, next - sigma));
        }
        return x!;
    }

    private static Tensor WeightedSlope(SamplerRun run, Tensor x, Tensor slope, int step)
    {
        var sigmas = run.Sigmas;
        var (sigma, next, afterNext) = (sigmas[step], sigmas[step + 1], sigmas[step + 2]);
        var second = x!.AddScaled(slope, next - sigma);
        var slope2 = SamplerMath.ToDerivative(second, next, run.Denoise(second, next));
        if (afterNext == sigmas[^1])
        {
            var weight = next / (2 * sigmas[0]);
            return (slope * (1 - weight)).AddScaled(slope2, weight);
        }
        var third = second.AddScaled(slope2, afterNext - next);
        var slope3 = SamplerMath.ToDerivative(third, afterNext, run.Denoise(third, afterNext));
        var total = 3 * sigmas[0];
        var (weight2, weight3) = (next / total, afterNext / total);
        return (slope * (1 - weight2 - weight3)).AddScaled(slope2, weight2).AddScaled(slope3, weight3);
    }
}
