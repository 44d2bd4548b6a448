using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Gradient estimation, https://openreview.net/forum?id=o2ND9v0CeK: Euler steps corrected by the change of slope.</summary>
public sealed class GradientEstimationSampler(
    string name = "gradient_estimation",
    bool cfgPlusPlus = false,
    double gamma = 2
) : ISampler
{
    public string Name => name;

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        Tensor? x = run.Start();
        Tensor? previous = null;
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var pair = cfgPlusPlus
                ? run.DenoiseWithNegative(x!, sigma)
                : new GuidedDenoised(run.Denoise(x!, sigma), x!);
            var denoised = pair.Guided;
            var slope = SamplerMath.ToDerivative(x!, sigma, cfgPlusPlus ? pair.Negative : denoised);
            run.Report(step, sigma, denoised, x!);
            if (next == 0)
            {
                scope.Carry(ref x, denoised);
                continue;
            }
            var stepped = cfgPlusPlus ? denoised.AddScaled(slope, next) : x!.AddScaled(slope, next - sigma);
            if (previous is not null)
            {
                stepped = stepped.AddScaled(slope - previous, (gamma - 1) * (next - sigma));
            }
            scope.Carry(ref x, stepped);
            scope.Carry(ref previous, slope);
        }
        return x!;
    }
}
