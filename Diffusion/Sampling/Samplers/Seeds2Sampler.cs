using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>SEEDS-2, stochastic explicit exponential derivative-free solver, https://arxiv.org/abs/2305.14267, VP data prediction.</summary>
public sealed class Seeds2Sampler(double eta = 1, double noiseScale = 1, double r = 0.5) : ISampler
{
    public string Name => "seeds_2";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var snr = new LogSignalToNoise(run.ModelSampling);
        var sigmas = snr.WithFiniteStart(run.Sigmas);
        var addsNoise = eta > 0 && noiseScale > 0;
        using var noise = run.GaussianNoise();
        var (fraction, stochastic) = ((float)r, (float)eta);
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var denoised = run.Denoise(x!, sigma);
            run.Report(step, sigma, denoised, x!);
            if (next == 0)
            {
                scope.Carry(ref x, denoised);
                continue;
            }
            var (lambda, target) = (snr.Lambda(sigma), snr.Lambda(next));
            var h = target - lambda;
            var hEta = h * (stochastic + 1);
            var middle = snr.Sigma(lambda + (fraction * h));
            var coefficient1 = SamplerMath.Expm1(-fraction * hEta);
            var coefficient2 = SamplerMath.Expm1(-hEta);
            var noise1 = addsNoise ? noise.Next(sigma, middle) : null;
            var noise2 = addsNoise ? noise.Next(middle, next) : null;
            var deviation1 = MathF.Sqrt(-SamplerMath.Expm1(-2 * fraction * h * stochastic));

            // Step 1: to the intermediate level.
            var halfway = (x! * (middle / sigma * MathF.Exp(-fraction * h * stochastic))).AddScaled(
                denoised,
                -snr.Alpha(middle) * coefficient1
            );
            if (noise1 is not null)
            {
                halfway = halfway.AddScaled(noise1, middle * deviation1 * noiseScale);
            }
            var denoised2 = run.Denoise(halfway, middle);

            // Step 2: to the next level, along both predictions.
            var direction = denoised.Lerp(denoised2, 1 / (2 * r));
            var stepped = (x! * (next / sigma * MathF.Exp(-h * stochastic))).AddScaled(
                direction,
                -snr.Alpha(next) * coefficient2
            );
            if (noise1 is not null && noise2 is not null)
            {
                var carried = MathF.Exp((fraction - 1) * h * stochastic);
                var fresh = MathF.Sqrt(-SamplerMath.Expm1(2 * (fraction - 1) * h * stochastic));
                stepped = stepped
                    .AddScaled(noise1, next * deviation1 * carried * noiseScale)
                    .AddScaled(noise2, next * fresh * noiseScale);
            }
            scope.Carry(ref x, stepped);
        }
        return x!;
    }
}
