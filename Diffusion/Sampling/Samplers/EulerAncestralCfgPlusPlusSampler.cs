using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Ancestral Euler steps of CFG++, https://arxiv.org/abs/2406.08070: the way to the next level follows the negative prediction.</summary>
public sealed class EulerAncestralCfgPlusPlusSampler(
    string name = "euler_ancestral_cfg_pp",
    double eta = 1,
    double noiseScale = 1
) : ISampler
{
    public string Name => name;

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var snr = new LogSignalToNoise(run.ModelSampling);
        var sigmas = run.Sigmas;
        using var noise = run.GaussianNoise();
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var (denoised, negative) = run.DenoiseWithNegative(x!, sigma);
            run.Report(step, sigma, denoised, x!);
            if (next == 0)
            {
                scope.Carry(ref x, denoised);
                continue;
            }
            var (alpha, alphaNext) = (snr.Alpha(sigma), snr.Alpha(next));
            var derivative = SamplerMath.ToDerivative(x!, sigma, negative * alpha);
            var (down, up) = SamplerMath.AncestralStep(sigma / alpha, next / alphaNext, eta);
            var stepped = (denoised * alphaNext).AddScaled(derivative, alphaNext * down);
            if (eta > 0 && noiseScale > 0)
            {
                stepped = stepped.AddScaled(noise.Next(sigma, next), alphaNext * noiseScale * up);
            }
            scope.Carry(ref x, stepped);
        }
        return x!;
    }
}
