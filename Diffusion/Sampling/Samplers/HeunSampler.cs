using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Algorithm 2 of Karras et al. (2022), https://arxiv.org/abs/2206.00364: Heun's second-order steps.</summary>
/// <remarks>After sample_heun of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class HeunSampler : ISampler
{
    public string Name => "heun";

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
                var euler = x!.AddScaled(derivative, next - sigma);
                var derivative2 = SamplerMath.ToDerivative(euler, next, run.Denoise(euler, next));
                derivative = (derivative + derivative2) / 2;
            }
            scope.Carry(ref x, x!.AddScaled(derivative, next - sigma));
        }
        return x!;
    }
}
