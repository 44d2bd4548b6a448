using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Euler steps below the next noise level, and noise up to it; with a form of its own for rectified flows.</summary>
/// <remarks>After sample_euler_ancestral of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class EulerAncestralSampler(double eta = 1, double noiseScale = 1) : ISampler
{
    public string Name => "euler_ancestral";

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
            scope.Carry(
                ref x,
                next == 0 ? denoised
                    : run.ModelSampling.IsFlow ? FlowStep(x!, denoised, sigma, next, () => noise.Next(sigma, next))
                    : Step(x!, denoised, sigma, next, () => noise.Next(sigma, next))
            );
        }
        return x!;
    }

    private Tensor Step(Tensor x, Tensor denoised, float sigma, float next, Func<Tensor> noise)
    {
        var (down, up) = SamplerMath.AncestralStep(sigma, next, eta);
        var stepped = down == 0 ? denoised : x!.AddScaled(SamplerMath.ToDerivative(x, sigma, denoised), down - sigma);
        return stepped.AddScaled(noise(), noiseScale * up);
    }

    private Tensor FlowStep(Tensor x, Tensor denoised, float sigma, float next, Func<Tensor> noise)
    {
        var (down, scale, renoise) = SamplerMath.FlowAncestralStep(sigma, next, eta);
        var ratio = down / sigma;
        var stepped = (x * ratio).AddScaled(denoised, 1 - ratio);
        return eta > 0 ? (stepped * scale).AddScaled(noise(), noiseScale * renoise) : stepped;
    }
}
