using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>SA-Solver, stochastic Adams predictor and corrector, https://arxiv.org/abs/2309.05019; noise only in the middle of the run.</summary>
/// <param name="name">Name on the wire.</param>
/// <param name="evaluatesTwice">PECE: the prediction is made again after the correction.</param>
/// <param name="predictorOrder">Steps the predictor looks back.</param>
/// <param name="correctorOrder">Steps the corrector looks back; 0 = none.</param>
/// <param name="simpleOrder2">The paper's simplified coefficients where two points are used.</param>
/// <param name="noiseScale">Factor of the noise added.</param>
/// <param name="tau">Strength of the noise at a noise level; 1 between 20 % and 80 % of the run when not given.</param>
public sealed class SaSolverSampler(
    string name = "sa_solver",
    bool evaluatesTwice = false,
    int predictorOrder = 3,
    int correctorOrder = 4,
    bool simpleOrder2 = false,
    double noiseScale = 1,
    Func<float, float>? tau = null
) : ISampler
{
    public string Name => name;

    /// <summary>Full strength while the noise level lies between two fractions of the run.</summary>
    public static Func<float, float> TauInterval(ModelSampling sampling, double start, double end, double eta = 1)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        var (high, low) = (sampling.PercentToSigma(start), sampling.PercentToSigma(end));
        return sigma => eta > 0 && high >= sigma && sigma >= low ? (float)eta : 0;
    }

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var snr = new LogSignalToNoise(run.ModelSampling);
        var sigmas = snr.WithFiniteStart(run.Sigmas);
        var lambdas = sigmas.Select(snr.Lambda).ToArray();
        var strength = tau ?? TauInterval(run.ModelSampling, 0.2, 0.8);
        using var noise = run.GaussianNoise();
        var history = new StepHistory(Math.Max(predictorOrder, correctorOrder));
        Tensor? x = run.Start();
        Tensor? predicted = run.Start();
        Tensor? added = null;
        var previousTau = 0f;
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var denoised = run.Denoise(predicted!, sigma);
            run.Report(step, sigma, denoised, predicted!);
            history.Push(scope, denoised);

            // Corrector: the step just made, again, with the prediction at its end.
            var order =
                step == 0 || (next == 0 && !evaluatesTwice)
                    ? 0
                    : Math.Min(Math.Min(correctorOrder, history.Count), run.StepCount - step);
            if (order == 0)
            {
                scope.Carry(ref x, predicted!);
            }
            else
            {
                var corrected = Step(x!, step - 1, step, order, step, previousTau, isCorrector: true);
                scope.Carry(ref x, added is null ? corrected : corrected + added);
                if (evaluatesTwice)
                {
                    denoised = run.Denoise(x!, sigma);
                    history.ReplaceNewest(scope, denoised);
                }
            }

            if (next == 0)
            {
                scope.Carry(ref x, denoised);
                continue;
            }

            // Predictor.
            var stepTau = strength(next);
            var stepped = Step(
                x!,
                step,
                step + 1,
                Math.Min(Math.Min(predictorOrder, history.Count), run.StepCount - 1 - step),
                step,
                stepTau,
                false
            );
            added?.Dispose();
            added = null;
            if (stepTau > 0 && noiseScale > 0)
            {
                var h = lambdas[step + 1] - lambdas[step];
                var deviation = next * MathF.Sqrt(-SamplerMath.Expm1(-2 * stepTau * stepTau * h)) * (float)noiseScale;
                scope.Carry(ref added, noise.Next(sigma, next) * deviation);
                stepped += added!;
            }
            scope.Carry(ref predicted, stepped);
            previousTau = stepTau;
        }
        return x!;

        Tensor Step(Tensor from, int start, int end, int order, int newest, float stepTau, bool isCorrector)
        {
            var h = lambdas[end] - lambdas[start];
            var points = Enumerable.Range(0, order).Select(back => lambdas[newest - back]).ToArray();
            var coefficients = Coefficients(points, lambdas[start], lambdas[end], stepTau, isCorrector);
            var alpha = snr.Alpha(sigmas[end]);
            var result = from * (sigmas[end] / sigmas[start] * MathF.Exp(-(stepTau * stepTau) * h));
            for (var back = 0; back < order; back++)
            {
                result = result.AddScaled(history[back], alpha * coefficients[back]);
            }
            return result;
        }
    }

    /// <summary>
    /// Integrals of the exponential weight times the Lagrange polynomials (equation 14 of the paper), newest point first.
    /// </summary>
    private double[] Coefficients(float[] points, double start, double end, double tau, bool isCorrector)
    {
        var rate = 1 + (tau * tau);
        var h = end - start;
        if (simpleOrder2 && points.Length == 2)
        {
            var total = 1 - Math.Exp(-h * rate);
            var second = isCorrector ? 0 : 0.5 * rate * h * h / (points[1] - start);
            var newest = isCorrector ? 0.5 * rate * h : total - second;
            return isCorrector ? [newest, total - newest] : [newest, second];
        }
        var coefficients = new double[points.Length];
        for (var back = 0; back < points.Length; back++)
        {
            coefficients[back] = Quadrature.Integrate(
                lambda =>
                {
                    var product = rate * Math.Exp(-rate * (end - lambda));
                    for (var other = 0; other < points.Length; other++)
                    {
                        if (other != back)
                        {
                            product *= (lambda - points[other]) / ((double)points[back] - points[other]);
                        }
                    }
                    return product;
                },
                start,
                end
            );
        }
        return coefficients;
    }
}
