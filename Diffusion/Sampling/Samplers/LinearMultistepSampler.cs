using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Linear multistep (Adams-Bashforth) over unequal noise levels.</summary>
/// <remarks>After sample_lms of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class LinearMultistepSampler(int order = 4) : ISampler
{
    public string Name => "lms";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        var history = new StepHistory(order);
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var denoised = run.Denoise(x!, sigmas[step]);
            run.Report(step, sigmas[step], denoised, x!);
            history.Push(scope, SamplerMath.ToDerivative(x!, sigmas[step], denoised));
            if (sigmas[step + 1] == 0)
            {
                scope.Carry(ref x, denoised);
                continue;
            }
            var next = x!;
            for (var back = 0; back < history.Count; back++)
            {
                next = next.AddScaled(history[back], Coefficient(sigmas, history.Count, step, back));
            }
            scope.Carry(ref x, next);
        }
        return x!;
    }

    /// <summary>Integral over the step of the Lagrange polynomial that belongs to the slope so many steps back.</summary>
    private static double Coefficient(IReadOnlyList<float> sigmas, int points, int step, int back) =>
        Quadrature.Integrate(
            sigma =>
            {
                var product = 1.0;
                for (var other = 0; other < points; other++)
                {
                    if (other != back)
                    {
                        product *=
                            (sigma - sigmas[step - other]) / ((double)sigmas[step - back] - sigmas[step - other]);
                    }
                }
                return product;
            },
            sigmas[step],
            sigmas[step + 1]
        );
}
