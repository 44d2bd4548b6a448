using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>DPM-Solver++ (stochastic), two evaluations a step, https://arxiv.org/abs/2211.01095.</summary>
/// <remarks>After sample_dpmpp_sde of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class DpmPlusPlusSdeSampler(
    string name = "dpmpp_sde",
    double eta = 1,
    double noiseScale = 1,
    double r = 0.5
) : ISampler
{
    public string Name => name;

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var snr = new LogSignalToNoise(run.ModelSampling);
        if (run.StepCount == 0)
        {
            return run.Start();
        }
        using var noise = run.BrownianNoise();
        var sigmas = snr.WithFiniteStart(run.Sigmas);
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var denoised = run.Denoise(x!, sigma);
            run.Report(step, sigma, denoised, x!);
            if (next == 0)
            {
                var derivative = SamplerMath.ToDerivative(x!, sigma, denoised);
                scope.Carry(ref x, x!.AddScaled(derivative, next - sigma));
                continue;
            }
            var (lambda, target) = (snr.Lambda(sigma), snr.Lambda(next));
            var middle = snr.Sigma(lambda + ((float)r * (target - lambda)));
            var factor = (float)(1 / (2 * r));

            var halfway = Step(x!, denoised, middle);
            var denoised2 = run.Denoise(halfway, middle);
            var direction = (denoised * (1 - factor)).AddScaled(denoised2, factor);
            scope.Carry(ref x, Step(x!, direction, next));

            Tensor Step(Tensor from, Tensor prediction, float to)
            {
                var (alpha, alphaTo) = (snr.Alpha(sigma), snr.Alpha(to));
                var (down, up) = SamplerMath.AncestralStep(MathF.Exp(-lambda), MathF.Exp(-snr.Lambda(to)), eta);
                var h = -MathF.Log(down) - lambda;
                var stepped = (from * (alphaTo / alpha * MathF.Exp(-h))).AddScaled(
                    prediction,
                    -alphaTo * SamplerMath.Expm1(-h)
                );
                return eta > 0 && noiseScale > 0
                    ? stepped.AddScaled(noise.Next(sigma, to), alphaTo * noiseScale * up)
                    : stepped;
            }
        }
        return x!;
    }
}
