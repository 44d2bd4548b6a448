using NodeHost.Diffusion.Latents;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Multistep consistency sampling whose latent grows from step to step: each prediction is resized, then noised.</summary>
/// <param name="ratio">How many times as large the latent is at the end.</param>
/// <param name="growingSteps">Over how many steps it grows; null for half of the levels.</param>
/// <param name="method">Method of resizing.</param>
public sealed class LcmUpscaleSampler(double ratio, int? growingSteps, string method) : ISampler
{
    public string Name => "lcm_upscale";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        var (height, width) = (run.X.Length(2), run.X.Length(3));
        var sizes = Factors(sigmas.Count);
        var device = run.X.Device;
        // As GaussianNoiseSource, for shapes that change.
        using var generator = new Generator(run.Seed, device.IsCuda ? device : Device.Cpu);
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var denoised = run.Denoise(x!, sigma);
            run.Report(step, sigma, denoised, x!);
            if (step < sizes.Length)
            {
                denoised = LatentResize.To(
                    denoised,
                    Rounded(width * sizes[step]),
                    Rounded(height * sizes[step]),
                    method
                );
            }
            if (next > 0)
            {
                var noise = Tensor.Randn(denoised.Shape, generator, denoised.DType).To(device);
                denoised = run.ModelSampling.NoiseScaling(next, noise, denoised);
            }
            scope.Carry(ref x, denoised);
        }
        return x!;
    }

    /// <summary>Size behind each growing step, as a multiple of the first, in equal parts up to the whole ratio.</summary>
    private double[] Factors(int levels)
    {
        var count = Math.Min(growingSteps is { } wanted ? wanted : Math.Max((levels / 2), 1), levels);
        return [.. Enumerable.Range(1, Math.Max(0, count)).Select(step => 1 + ((ratio - 1) * step / count))];
    }

    private static long Rounded(double side) => Math.Max(1, (long)Math.Round(side, MidpointRounding.ToEven));
}
