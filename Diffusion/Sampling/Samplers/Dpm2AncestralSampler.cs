using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Ancestral sampling with second-order steps inspired by DPM-Solver-2, https://arxiv.org/abs/2206.00927.</summary>
/// <remarks>After sample_dpm_2_ancestral of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class Dpm2AncestralSampler(double eta = 1, double noiseScale = 1) : ISampler
{
    public string Name => "dpm_2_ancestral";

    public bool DropsPenultimateSigma => true;

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        var isFlow = run.ModelSampling.IsFlow;
        using var noise = run.GaussianNoise();
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var (down, scale, up) = isFlow
                ? SamplerMath.FlowAncestralStep(sigma, next, eta)
                : Unscaled(SamplerMath.AncestralStep(sigma, next, eta));
            var denoised = run.Denoise(x!, sigma);
            run.Report(step, sigma, denoised, x!);
            var derivative = SamplerMath.ToDerivative(x!, sigma, denoised);
            if (down == 0)
            {
                scope.Carry(ref x, x!.AddScaled(derivative, down - sigma));
                continue;
            }
            var middle = SamplerMath.LogMidpoint(sigma, down);
            var halfway = x!.AddScaled(derivative, middle - sigma);
            derivative = SamplerMath.ToDerivative(halfway, middle, run.Denoise(halfway, middle));
            var stepped = x!.AddScaled(derivative, down - sigma);
            if (isFlow)
            {
                stepped *= scale;
            }
            scope.Carry(ref x, stepped.AddScaled(noise.Next(sigma, next), noiseScale * up));
        }
        return x!;
    }

    private static (float Down, float Scale, float Up) Unscaled((float Down, float Up) step) => (step.Down, 1, step.Up);
}
