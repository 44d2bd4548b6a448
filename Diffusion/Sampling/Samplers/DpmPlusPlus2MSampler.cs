using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>DPM-Solver++(2M), https://arxiv.org/abs/2211.01095.</summary>
/// <remarks>After sample_dpmpp_2m of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class DpmPlusPlus2MSampler : ISampler
{
    public string Name => "dpmpp_2m";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        Tensor? x = run.Start();
        Tensor? previous = null;
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var denoised = run.Denoise(x!, sigmas[step]);
            run.Report(step, sigmas[step], denoised, x!);
            var (t, next) = (-MathF.Log(sigmas[step]), -MathF.Log(sigmas[step + 1]));
            var h = next - t;
            var direction = denoised;
            if (previous is not null && sigmas[step + 1] != 0)
            {
                var ratio = (t + MathF.Log(sigmas[step - 1])) / h;
                direction = (denoised * (1 + (1 / (2 * ratio)))).AddScaled(previous, -1 / (2 * ratio));
            }
            var kept = MathF.Exp(-next) / MathF.Exp(-t);
            scope.Carry(ref x, (x! * kept).AddScaled(direction, -SamplerMath.Expm1(-h)));
            scope.Carry(ref previous, denoised);
        }
        return x!;
    }
}
