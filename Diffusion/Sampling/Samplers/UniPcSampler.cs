using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>UniPC, unified predictor-corrector of order 3 with data prediction, https://arxiv.org/abs/2302.04867.</summary>
/// <remarks>After multistep_uni_pc_bh_update of https://github.com/wl-zhao/UniPC (MIT, Copyright 2023 Wenliang Zhao).</remarks>
public sealed class UniPcSampler(string name = "uni_pc", bool secondVariant = false) : ISampler
{
    private const int MaxOrder = 3;
    private const float LastSigma = 0.001f;

    public string Name => name;

    public bool DropsPenultimateSigma => true;

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        float[] sigmas = [.. run.Sigmas];
        if (run.StepCount == 0)
        {
            return run.Start();
        }
        if (sigmas[^1] == 0)
        {
            sigmas[^1] = LastSigma;
        }
        var levels = sigmas.Select(sigma => new UniPcLevel(sigma)).ToArray();
        var steps = levels.Length - 1;
        var order = Math.Min(MaxOrder, levels.Length - 2);
        var history = new StepHistory(Math.Max(order, 1));
        // The solver works on the variance-preserving latent.
        Tensor? x = run.X / MathF.Sqrt(1 + (sigmas[0] * sigmas[0]));
        for (var step = 0; step < steps; step++)
        {
            using var scope = new TensorScope();
            if (step == 0)
            {
                history.Push(scope, Predict(run, x!, levels[0]));
            }
            else
            {
                var (stepped, prediction) = Update(
                    scope,
                    step,
                    Math.Min(order, step < order ? step : steps + 1 - step),
                    true
                );
                scope.Carry(ref x, stepped);
                history.Push(scope, prediction!);
            }
            if (step == steps - 1)
            {
                var (last, _) = Update(scope, steps, 1, false);
                scope.Carry(ref x, last);
            }
            run.Report(step, sigmas[step], history[0], x!);
        }
        // The reference's run thereby ends at this level for the model's mixing rule as well.
        return sigmas[^1] == run.Sigmas[^1]
            ? x! / levels[^1].Alpha
            : run.ModelSampling.InverseNoiseScaling(LastSigma, x! / levels[^1].Alpha);

        (Tensor Stepped, Tensor? Prediction) Update(TensorScope scope, int to, int stepOrder, bool corrects)
        {
            var (level, from) = (levels[to], levels[to - 1]);
            var h = level.Lambda - from.Lambda;
            var hh = -h;
            var phi1 = SamplerMath.Expm1(hh);
            var scale = secondVariant ? phi1 : hh;

            var ratios = new float[stepOrder];
            var differences = new Tensor[stepOrder - 1];
            for (var back = 1; back < stepOrder; back++)
            {
                ratios[back - 1] = (levels[to - 1 - back].Lambda - from.Lambda) / h;
                differences[back - 1] = (history[back] - history[0]) / ratios[back - 1];
            }
            ratios[^1] = 1;
            var moments = Moments(hh, phi1, scale, stepOrder);

            var start = (x! * (level.Sigma / from.Sigma)).AddScaled(history[0], -level.Alpha * phi1);
            var factor = -level.Alpha * scale;
            var stepped = start;
            if (differences.Length > 0)
            {
                var weights = stepOrder == 2 ? [0.5] : Solve(ratios[..^1], moments[..^1]);
                stepped = Sum(start, differences, weights, factor);
            }
            if (!corrects)
            {
                return (stepped, null);
            }
            var prediction = Predict(run, stepped, level);
            var corrector = stepOrder == 1 ? [0.5] : Solve(ratios, moments);
            var corrected = Sum(start, differences, corrector, factor);
            return (corrected.AddScaled(prediction - history[0], factor * corrector[^1]), prediction);
        }
    }

    private static Tensor Predict(SamplerRun run, Tensor x, UniPcLevel level) =>
        run.Denoise(x * MathF.Sqrt((level.TableSigma * level.TableSigma) + 1), level.TableSigma);

    private static Tensor Sum(Tensor start, Tensor[] differences, double[] weights, float factor)
    {
        for (var index = 0; index < differences.Length; index++)
        {
            start = start.AddScaled(differences[index], factor * weights[index]);
        }
        return start;
    }

    /// <summary>The right-hand side of equation 11: phi functions times factorials, over B(h).</summary>
    private static double[] Moments(float hh, float phi1, float scale, int order)
    {
        var moments = new double[order];
        var phi = (phi1 / hh) - 1;
        var factorial = 1;
        for (var index = 1; index <= order; index++)
        {
            moments[index - 1] = phi * factorial / scale;
            factorial *= index + 1;
            phi = (phi / hh) - (1f / factorial);
        }
        return moments;
    }

    /// <summary>Solves <c>sum_j ratio_j^i * weight_j = moment_i</c> by elimination.</summary>
    private static double[] Solve(float[] ratios, double[] moments)
    {
        var size = ratios.Length;
        var rows = new double[size][];
        for (var row = 0; row < size; row++)
        {
            rows[row] = [.. ratios.Select(ratio => Math.Pow(ratio, row)), moments[row]];
        }
        for (var pivot = 0; pivot < size; pivot++)
        {
            var best = Enumerable.Range(pivot, size - pivot).MaxBy(row => Math.Abs(rows[row][pivot]));
            (rows[pivot], rows[best]) = (rows[best], rows[pivot]);
            for (var row = 0; row < size; row++)
            {
                if (row != pivot)
                {
                    var factor = rows[row][pivot] / rows[pivot][pivot];
                    for (var column = pivot; column <= size; column++)
                    {
                        rows[row][column] -= factor * rows[pivot][column];
                    }
                }
            }
        }
        return [.. rows.Select((row, index) => row[^1] / row[index])];
    }
}
