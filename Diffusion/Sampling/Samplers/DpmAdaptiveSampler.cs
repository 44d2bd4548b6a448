using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>DPM-Solver-12 and -23, https://arxiv.org/abs/2206.00927: steps as long as the estimated error allows.</summary>
/// <remarks>After sample_dpm_adaptive of https://github.com/crowsonkb/k-diffusion (MIT, Copyright 2022 Katherine Crowson).</remarks>
public sealed class DpmAdaptiveSampler : ISampler
{
    public string Name => "dpm_adaptive";

    /// <summary>2 or 3.</summary>
    public int Order { get; init; } = 3;

    public double RelativeTolerance { get; init; } = 0.05;

    public double AbsoluteTolerance { get; init; } = 0.0078;

    /// <summary>First step's length in log sigma.</summary>
    public double InitialStep { get; init; } = 0.05;

    public double Proportional { get; init; }

    public double Integral { get; init; } = 1;

    public double Derivative { get; init; }

    /// <summary>Factor of the step length from which a step is accepted.</summary>
    public double AcceptSafety { get; init; } = 0.81;

    public double Eta { get; init; }

    public double NoiseScale { get; init; } = 1;

    /// <summary>Rejected steps, and those too small to move, in a row; more than this, and the settings lead nowhere.</summary>
    private const int MostStanding = 100;

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.StepCount == 0)
        {
            return run.Start();
        }
        var sigmas = run.Sigmas;
        var lowest = sigmas[^1] == 0 ? sigmas[^2] : sigmas[^1];
        var (time, end) = (DpmSolver.Time(sigmas[0]), DpmSolver.Time(lowest));
        var forward = end > time;
        var control = new StepSizeController(
            forward ? Math.Abs(InitialStep) : -Math.Abs(InitialStep),
            Eta != 0 ? 1.5 : Order,
            AcceptSafety
        )
        {
            Proportional = Proportional,
            Integral = Integral,
            Derivative = Derivative,
        };
        var solver = new DpmSolver(run);
        using var noise = run.GaussianNoise();
        Tensor? x = run.Start();
        Tensor? previousLow = run.Start();
        var standing = 0;
        for (var step = 0; forward ? time < end - 1e-5 : time > end + 1e-5; step++)
        {
            using var scope = new TensorScope();
            var proposed = time + (float)control.StepSize;
            var next = forward ? Math.Min(end, proposed) : Math.Max(end, proposed);
            var (target, up) = Target(time, next, end);
            var epsilon = solver.Epsilon(x!, time);
            var denoised = x! - (epsilon * DpmSolver.Sigma(time));
            var (low, high) = Estimates(solver, x!, time, target, epsilon);

            var limit = low.Abs().Maximum(previousLow!.Abs()) * (float)RelativeTolerance;
            limit = limit.Clamp(AbsoluteTolerance, null);
            var error = ((low - high) / limit).Reshape(-1).Norm([0]).Item() / Math.Sqrt(x!.ElementCount);
            if (control.Propose(error))
            {
                scope.Carry(ref previousLow, low);
                // Drawn even where nothing is added, which keeps the generator in the reference's state.
                var drawn = noise.Next(DpmSolver.Sigma(time), DpmSolver.Sigma(next));
                scope.Carry(ref x, high.AddScaled(drawn, up * NoiseScale));
                standing = time == next ? standing : 0;
                time = next;
            }
            if (++standing > MostStanding)
            {
                throw new InvalidOperationException(
                    $"dpm_adaptive: {MostStanding} steps in a row brought nothing at noise level {DpmSolver.Sigma(time)}, the last of size {control.StepSize}. "
                        + "Choose larger tolerances (rtol, atol) or h_init, or another sampler; a model that predicts NaN does the same."
                );
            }
            run.Report(step, DpmSolver.Sigma(time), denoised, x!);
        }
        return x!;
    }

    private (float Target, float Up) Target(float time, float next, float end)
    {
        if (Eta == 0)
        {
            return (next, 0);
        }
        var (down, _) = SamplerMath.AncestralStep(DpmSolver.Sigma(time), DpmSolver.Sigma(next), Eta);
        var target = Math.Min(end, DpmSolver.Time(down));
        var (to, from) = (DpmSolver.Sigma(next), DpmSolver.Sigma(target));
        return (target, MathF.Sqrt((to * to) - (from * from)));
    }

    private (Tensor Low, Tensor High) Estimates(DpmSolver solver, Tensor x, float time, float next, Tensor epsilon)
    {
        if (Order == 2)
        {
            return (DpmSolver.FirstOrder(x, time, next, epsilon), solver.SecondOrder(x, time, next, epsilon).Stepped);
        }
        var (low, intermediate) = solver.SecondOrder(x, time, next, epsilon, 1f / 3);
        return (low, solver.ThirdOrder(x, time, next, epsilon, intermediate));
    }
}
