using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Multistep consistency sampling, https://arxiv.org/abs/2310.04378: predict the result, add fresh noise.</summary>
public sealed class LcmSampler : ISampler
{
    public string Name => "lcm";

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
                next > 0 ? run.ModelSampling.NoiseScaling(next, noise.Next(sigma, next), denoised) : denoised
            );
        }
        return x!;
    }
}
