using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Refined exponential solver with two steps, https://arxiv.org/abs/2308.02157, as Cosmos samples with; also ancestral and as CFG++.</summary>
public sealed class ResMultistepSampler(string name, double eta = 1, double noiseScale = 1, bool cfgPlusPlus = false)
    : ISampler
{
    public string Name => name;

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        using var noise = run.GaussianNoise();
        Tensor? x = run.Start();
        Tensor? previous = null;
        var previousDown = 0f;
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var (denoised, followed) = Predict(run, x!, sigma);
            var (down, up) = SamplerMath.AncestralStep(sigma, next, eta);
            run.Report(step, sigma, denoised, x!);
            Tensor stepped;
            if (down == 0 || previous is null)
            {
                var derivative = SamplerMath.ToDerivative(x!, sigma, followed);
                stepped = cfgPlusPlus ? denoised.AddScaled(derivative, down) : x!.AddScaled(derivative, down - sigma);
            }
            else
            {
                var h = MathF.Log(sigma) - MathF.Log(down);
                var c2 = (MathF.Log(previousDown) - MathF.Log(sigmas[step - 1])) / h;
                var phi1 = SamplerMath.Expm1(-h) / -h;
                var phi2 = (phi1 - 1) / -h;
                var b1 = Finite(phi1 - (phi2 / c2));
                var b2 = Finite(phi2 / c2);
                var start = cfgPlusPlus ? x! + (denoised - followed) : x!;
                stepped = (start * MathF.Exp(-h)).AddScaled(followed, h * b1).AddScaled(previous, h * b2);
            }
            scope.Carry(
                ref x,
                next > 0 && up != 0 ? stepped.AddScaled(noise.Next(sigma, next), noiseScale * up) : stepped
            );
            scope.Carry(ref previous, followed);
            previousDown = down;
        }
        return x!;
    }

    /// <summary>The guided prediction, and the one whose path is followed.</summary>
    private GuidedDenoised Predict(SamplerRun run, Tensor x, float sigma)
    {
        if (cfgPlusPlus)
        {
            return run.DenoiseWithNegative(x, sigma);
        }
        var denoised = run.Denoise(x, sigma);
        return new GuidedDenoised(denoised, denoised);
    }

    private static float Finite(float value) => float.IsNaN(value) ? 0 : value;
}
