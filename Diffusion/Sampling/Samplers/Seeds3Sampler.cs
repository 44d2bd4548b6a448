using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>SEEDS-3, stochastic explicit exponential derivative-free solver, https://arxiv.org/abs/2305.14267, VP data prediction.</summary>
public sealed class Seeds3Sampler(double eta = 1, double noiseScale = 1, double r1 = 1.0 / 3, double r2 = 2.0 / 3)
    : ISampler
{
    public string Name => "seeds_3";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var snr = new LogSignalToNoise(run.ModelSampling);
        var sigmas = snr.WithFiniteStart(run.Sigmas);
        var addsNoise = eta > 0 && noiseScale > 0;
        using var noise = run.GaussianNoise();
        var (first, second, stochastic) = ((float)r1, (float)r2, (float)eta);
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
            var level1 = snr.Sigma(lambda + (first * h));
            var level2 = snr.Sigma(lambda + (second * h));
            var coefficient1 = SamplerMath.Expm1(-first * hEta);
            var coefficient2 = SamplerMath.Expm1(-second * hEta);
            var coefficient3 = SamplerMath.Expm1(-hEta);
            var noises = addsNoise
                ? new[] { noise.Next(sigma, level1), noise.Next(level1, level2), noise.Next(level2, next) }
                : [];

            // Step 1.
            var x2 = Decay(x!, level1, first).AddScaled(denoised, -snr.Alpha(level1) * coefficient1);
            x2 = Perturb(x2, level1, [0, first]);
            var denoised2 = run.Denoise(x2, level1);

            // Step 2.
            var weight = second / first * ((coefficient2 / (second * hEta)) + 1);
            var x3 = Decay(x!, level2, second)
                .AddScaled(denoised, -snr.Alpha(level2) * coefficient2)
                .AddScaled(denoised2 - denoised, snr.Alpha(level2) * weight);
            x3 = Perturb(x3, level2, [0, first, second]);
            var denoised3 = run.Denoise(x3, level2);

            // Step 3.
            weight = 1 / second * ((coefficient3 / hEta) + 1);
            var stepped = Decay(x!, next, 1)
                .AddScaled(denoised, -snr.Alpha(next) * coefficient3)
                .AddScaled(denoised3 - denoised, snr.Alpha(next) * weight);
            scope.Carry(ref x, Perturb(stepped, next, [0, first, second, 1]));

            Tensor Decay(Tensor value, float level, float fraction) =>
                value * (level / sigma * MathF.Exp(-fraction * h * stochastic));

            // Each draw belongs to one part of the step and decays over the parts behind it.
            Tensor Perturb(Tensor value, float level, float[] ends)
            {
                for (var part = 0; part < noises.Length && part + 1 < ends.Length; part++)
                {
                    var length = ends[part + 1] - ends[part];
                    var behind = ends[^1] - ends[part + 1];
                    var deviation =
                        MathF.Exp(-behind * h * stochastic)
                        * MathF.Sqrt(-SamplerMath.Expm1(-2 * length * h * stochastic));
                    value = value.AddScaled(noises[part], level * deviation * noiseScale);
                }
                return value;
            }
        }
        return x!;
    }
}
