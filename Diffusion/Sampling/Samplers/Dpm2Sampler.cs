using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>DPM-Solver-2, https://arxiv.org/abs/2206.00927, in the form of Algorithm 2 of Karras et al. (2022).</summary>
/// <remarks>After sample_dpm_2 of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class Dpm2Sampler : ISampler
{
    public string Name => "dpm_2";

    public bool DropsPenultimateSigma => true;

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
            var derivative = SamplerMath.ToDerivative(x!, sigma, denoised);
            if (next != 0)
            {
                var middle = SamplerMath.LogMidpoint(sigma, next);
                var halfway = x!.AddScaled(derivative, middle - sigma);
                derivative = SamplerMath.ToDerivative(halfway, middle, run.Denoise(halfway, middle));
            }
            scope.Carry(ref x, x!.AddScaled(derivative, next - sigma));
        }
        return x!;
    }
}
