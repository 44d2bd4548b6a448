using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>The single steps of DPM-Solver, https://arxiv.org/abs/2206.00927, in <c>t = -log(sigma)</c>.</summary>
/// <remarks>After DPMSolver of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
internal sealed class DpmSolver(SamplerRun run)
{
    public static float Time(float sigma) => -MathF.Log(sigma);

    public static float Sigma(float time) => MathF.Exp(-time);

    /// <summary>The noise prediction.</summary>
    public Tensor Epsilon(Tensor x, float time)
    {
        var sigma = Sigma(time);
        return (x - run.Denoise(x, sigma)) / sigma;
    }

    // Products and differences are rounded one by one, as in the reference: the adaptive solver's first error estimates
    // are differences of nearly equal results, and steer all that follows.
    public static Tensor FirstOrder(Tensor x, float time, float next, Tensor epsilon) =>
        x - (epsilon * (Sigma(next) * SamplerMath.Expm1(next - time)));

    /// <summary>A second-order step; gives the intermediate prediction too, for a third-order one to use.</summary>
    public (Tensor Stepped, Tensor Intermediate) SecondOrder(
        Tensor x,
        float time,
        float next,
        Tensor epsilon,
        float r1 = 0.5f
    )
    {
        var h = next - time;
        var s1 = time + (r1 * h);
        var u1 = x - (epsilon * (Sigma(s1) * SamplerMath.Expm1(r1 * h)));
        var epsilon1 = Epsilon(u1, s1);
        var growth = SamplerMath.Expm1(h);
        var stepped = x - (epsilon * (Sigma(next) * growth));
        return (stepped - ((epsilon1 - epsilon) * (Sigma(next) / (2 * r1) * growth)), epsilon1);
    }

    /// <summary>A third-order step; the prediction at a third of it may be at hand.</summary>
    public Tensor ThirdOrder(Tensor x, float time, float next, Tensor epsilon, Tensor? epsilon1 = null)
    {
        const float R1 = 1f / 3;
        const float R2 = 2f / 3;
        var h = next - time;
        var (s1, s2) = (time + (R1 * h), time + (R2 * h));
        if (epsilon1 is null)
        {
            var u1 = x - (epsilon * (Sigma(s1) * SamplerMath.Expm1(R1 * h)));
            epsilon1 = Epsilon(u1, s1);
        }
        var growth2 = SamplerMath.Expm1(R2 * h);
        var u2 = x - (epsilon * (Sigma(s2) * growth2));
        u2 -= (epsilon1 - epsilon) * (Sigma(s2) * (R2 / R1) * ((growth2 / (R2 * h)) - 1));
        var epsilon2 = Epsilon(u2, s2);
        var growth = SamplerMath.Expm1(h);
        var stepped = x - (epsilon * (Sigma(next) * growth));
        return stepped - ((epsilon2 - epsilon) * (Sigma(next) / R2 * ((growth / h) - 1)));
    }
}
