using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>DPM-Solver++(3M) SDE, https://arxiv.org/abs/2211.01095.</summary>
/// <remarks>After sample_dpmpp_3m_sde of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class DpmPlusPlus3MSdeSampler(string name = "dpmpp_3m_sde", double eta = 1, double noiseScale = 1)
    : ISampler
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
        var history = new StepHistory(2);
        var (h1, h2) = (0f, 0f);
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
            var h = snr.Lambda(next) - snr.Lambda(sigma);
            var hEta = h * (float)(eta + 1);
            var alpha = snr.Alpha(next);
            var stepped = (x! * (next / sigma * MathF.Exp(-h * (float)eta))).AddScaled(
                denoised,
                alpha * -SamplerMath.Expm1(-hEta)
            );
            var phi2 = (SamplerMath.Expm1(-hEta) / hEta) + 1;
            if (history.Count == 2)
            {
                var (r0, r1) = (h1 / h, h2 / h);
                var phi3 = (phi2 / hEta) - 0.5f;
                var slope0 = (denoised - history[0]) / r0;
                var slope1 = (history[0] - history[1]) / r1;
                var first = slope0.AddScaled(slope0 - slope1, r0 / (r0 + r1));
                var second = (slope0 - slope1) / (r0 + r1);
                stepped = stepped.AddScaled(first, alpha * phi2).AddScaled(second, -alpha * phi3);
            }
            else if (history.Count == 1)
            {
                stepped = stepped.AddScaled((denoised - history[0]) / (h1 / h), alpha * phi2);
            }
            if (eta > 0 && noiseScale > 0)
            {
                var added = next * MathF.Sqrt(-SamplerMath.Expm1(-2 * h * (float)eta));
                stepped = stepped.AddScaled(noise.Next(sigma, next), added * noiseScale);
            }
            scope.Carry(ref x, stepped);
            history.Push(scope, denoised);
            (h1, h2) = (h, h1);
        }
        return x!;
    }
}
