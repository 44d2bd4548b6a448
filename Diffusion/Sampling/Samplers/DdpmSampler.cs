using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Ancestral sampling of DDPM, https://arxiv.org/abs/2006.11239, algorithm 2, over any list of noise levels.</summary>
public sealed class DdpmSampler : ISampler
{
    public string Name => "ddpm";

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

            // The paper's x has unit variance: divide by sqrt(1 + sigma^2) on the way in, multiply on the way out.
            var cumulated = 1 / ((sigma * sigma) + 1);
            var cumulatedNext = 1 / ((next * next) + 1);
            var alpha = cumulated / cumulatedNext;
            var epsilon = SamplerMath.ToDerivative(x!, sigma, denoised);
            var scaled = x! / MathF.Sqrt(1 + (sigma * sigma));
            var mean = scaled.AddScaled(epsilon, -(1 - alpha) / MathF.Sqrt(1 - cumulated)) * MathF.Sqrt(1 / alpha);
            if (next > 0)
            {
                var deviation = MathF.Sqrt((1 - alpha) * (1 - cumulatedNext) / (1 - cumulated));
                mean = mean.AddScaled(noise.Next(sigma, next), deviation) * MathF.Sqrt(1 + (next * next));
            }
            scope.Carry(ref x, mean);
        }
        return x!;
    }
}
