using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>DPM-Solver++(2S) ancestral, https://arxiv.org/abs/2211.01095, along the negative prediction as CFG++, https://arxiv.org/abs/2406.08070.</summary>
public sealed class DpmPlusPlus2SAncestralCfgPlusPlusSampler(double eta = 1, double noiseScale = 1) : ISampler
{
    public string Name => "dpmpp_2s_ancestral_cfg_pp";

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
            var (denoised, negative) = run.DenoiseWithNegative(x!, sigma);
            run.Report(step, sigma, denoised, x!);
            var (down, up) = SamplerMath.AncestralStep(sigma, next, eta);
            Tensor stepped;
            if (down == 0)
            {
                stepped = denoised.AddScaled(SamplerMath.ToDerivative(x!, sigma, negative), down);
            }
            else
            {
                var (t, target) = (-MathF.Log(sigma), -MathF.Log(down));
                var h = target - t;
                var middle = MathF.Exp(-(t + (0.5f * h)));
                var start = MathF.Exp(-t);
                var halfway = ((x! + (denoised - negative)) * (middle / start)).AddScaled(
                    denoised,
                    -SamplerMath.Expm1(-h * 0.5f)
                );
                var (denoised2, negative2) = run.DenoiseWithNegative(halfway, middle);
                stepped = ((x! + (denoised - negative2)) * (MathF.Exp(-target) / start)).AddScaled(
                    denoised2,
                    -SamplerMath.Expm1(-h)
                );
            }
            scope.Carry(ref x, next > 0 ? stepped.AddScaled(noise.Next(sigma, next), noiseScale * up) : stepped);
        }
        return x!;
    }
}
