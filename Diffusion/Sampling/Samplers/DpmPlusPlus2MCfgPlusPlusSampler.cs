using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>DPM-Solver++(2M), https://arxiv.org/abs/2211.01095, along the negative prediction as CFG++, https://arxiv.org/abs/2406.08070.</summary>
public sealed class DpmPlusPlus2MCfgPlusPlusSampler : ISampler
{
    public string Name => "dpmpp_2m_cfg_pp";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        Tensor? x = run.Start();
        Tensor? previous = null;
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (denoised, negative) = run.DenoiseWithNegative(x!, sigmas[step]);
            run.Report(step, sigmas[step], denoised, x!);
            var (t, next) = (-MathF.Log(sigmas[step]), -MathF.Log(sigmas[step + 1]));
            var h = next - t;
            var kept = MathF.Exp(-h);
            var mix = negative * -kept;
            if (previous is not null && sigmas[step + 1] != 0)
            {
                var ratio = (t + MathF.Log(sigmas[step - 1])) / h;
                mix = mix.AddScaled(denoised - previous, -SamplerMath.Expm1(-h) * (1 / (2 * ratio)));
            }
            scope.Carry(ref x, (denoised + mix).AddScaled(x!, kept));
            scope.Carry(ref previous, negative);
        }
        return x!;
    }
}
