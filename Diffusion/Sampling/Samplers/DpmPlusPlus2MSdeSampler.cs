using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>DPM-Solver++(2M) SDE, https://arxiv.org/abs/2211.01095, with the midpoint or Heun's correction.</summary>
/// <remarks>After sample_dpmpp_2m_sde of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class DpmPlusPlus2MSdeSampler(
    string name = "dpmpp_2m_sde",
    double eta = 1,
    double noiseScale = 1,
    bool heun = false
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
        Tensor? previous = null;
        var previousH = 0f;
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
            var phi = -SamplerMath.Expm1(-hEta);
            var stepped = (x! * (next / sigma * MathF.Exp(-h * (float)eta))).AddScaled(denoised, alpha * phi);
            if (previous is not null)
            {
                var ratio = previousH / h;
                var correction = heun ? (phi / -hEta) + 1 : 0.5f * phi;
                stepped = stepped.AddScaled(denoised - previous, alpha * correction * (1 / ratio));
            }
            if (eta > 0 && noiseScale > 0)
            {
                var added = next * MathF.Sqrt(-SamplerMath.Expm1(-2 * h * (float)eta));
                stepped = stepped.AddScaled(noise.Next(sigma, next), added * noiseScale);
            }
            scope.Carry(ref x, stepped);
            scope.Carry(ref previous, denoised);
            previousH = h;
        }
        return x!;
    }
}
