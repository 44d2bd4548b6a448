using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>DPM-Solver-Fast, https://arxiv.org/abs/2206.00927: a fixed number of evaluations in steps of up to third order.</summary>
/// <remarks>After sample_dpm_fast of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class DpmFastSampler : ISampler
{
    public string Name => "dpm_fast";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.StepCount == 0)
        {
            return run.Start();
        }
        var sigmas = run.Sigmas;
        var lowest = sigmas[^1] == 0 ? sigmas[^2] : sigmas[^1];
        var orders = Orders(run.StepCount);
        var times = Times(DpmSolver.Time(sigmas[0]), DpmSolver.Time(lowest), orders.Length + 1);
        var solver = new DpmSolver(run);
        Tensor? x = run.Start();
        for (var step = 0; step < orders.Length; step++)
        {
            using var scope = new TensorScope();
            var (time, next) = (times[step], times[step + 1]);
            var epsilon = solver.Epsilon(x!, time);
            run.Report(step, DpmSolver.Sigma(time), x!.AddScaled(epsilon, -DpmSolver.Sigma(time)), x!);
            scope.Carry(
                ref x,
                orders[step] switch
                {
                    1 => DpmSolver.FirstOrder(x!, time, next, epsilon),
                    2 => solver.SecondOrder(x!, time, next, epsilon).Stepped,
                    _ => solver.ThirdOrder(x!, time, next, epsilon),
                }
            );
        }
        return x!;
    }

    private static int[] Orders(int evaluations)
    {
        var steps = (evaluations / 3) + 1;
        return evaluations % 3 == 0
            ? [.. Enumerable.Repeat(3, steps - 2), 2, 1]
            : [.. Enumerable.Repeat(3, steps - 1), evaluations % 3];
    }

    private static float[] Times(float start, float end, int count)
    {
        using var scope = new TensorScope();
        return Tensor.Linspace(start, end, count).ToArray<float>();
    }
}
