using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Ancestral sampling with the second-order single steps of DPM-Solver++(2S), https://arxiv.org/abs/2211.01095.</summary>
/// <remarks>After sample_dpmpp_2s_ancestral of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class DpmPlusPlus2SAncestralSampler(double eta = 1, double noiseScale = 1) : ISampler
{
    public string Name => "dpmpp_2s_ancestral";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        using var noise = run.GaussianNoise();
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
            var (stepped, up) = run.ModelSampling.IsFlow
                ? FlowStep(run, x!, denoised, sigma, next)
                : Step(run, x!, denoised, sigma, next);
            scope.Carry(ref x, eta > 0 ? stepped.AddScaled(noise.Next(sigma, next), noiseScale * up) : stepped);
        }
        return x!;
    }

    private (Tensor Stepped, float Up) Step(SamplerRun run, Tensor x, Tensor denoised, float sigma, float next)
    {
        var (down, up) = SamplerMath.AncestralStep(sigma, next, eta);
        if (down == 0)
        {
            return (x!.AddScaled(SamplerMath.ToDerivative(x, sigma, denoised), down - sigma), up);
        }
        var (t, target) = (-MathF.Log(sigma), -MathF.Log(down));
        var h = target - t;
        var middle = MathF.Exp(-(t + (0.5f * h)));
        var start = MathF.Exp(-t);
        var halfway = (x * (middle / start)).AddScaled(denoised, -SamplerMath.Expm1(-h * 0.5f));
        var denoised2 = run.Denoise(halfway, middle);
        return ((x * (MathF.Exp(-target) / start)).AddScaled(denoised2, -SamplerMath.Expm1(-h)), up);
    }

    private (Tensor Stepped, float Up) FlowStep(SamplerRun run, Tensor x, Tensor denoised, float sigma, float next)
    {
        var (down, scale, renoise) = SamplerMath.FlowAncestralStep(sigma, next, eta);
        // The lambda of pure noise is infinite: its half step stops just below.
        var middle = sigma == 1 ? 0.9999f : Halfway(sigma, down);
        var ratio = middle / sigma;
        var halfway = (x * ratio).AddScaled(denoised, 1 - ratio);
        var denoised2 = run.Denoise(halfway, middle);
        ratio = down / sigma;
        var stepped = (x * ratio).AddScaled(denoised2, 1 - ratio);
        return (eta > 0 ? stepped * scale : stepped, renoise);
    }

    private static float Halfway(float sigma, float down)
    {
        var (lambda, target) = (MathF.Log((1 - sigma) / sigma), MathF.Log((1 - down) / down));
        return 1 / (MathF.Exp(lambda + (0.5f * (target - lambda))) + 1);
    }
}
