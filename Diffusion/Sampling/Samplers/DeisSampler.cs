using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Samplers;

/// <summary>Diffusion exponential integrator sampler (tAB-DEIS), https://arxiv.org/abs/2204.13902.</summary>
/// <remarks>The change of time and the sum over 10,000 points are those of https://github.com/zju-pi/diff-sampler, which ComfyUI's numbers rest on.</remarks>
public sealed class DeisSampler : ISampler
{
    private const int MaxOrder = 3;
    private const int Points = 10000;
    private const double EarliestTime = 1e-3;
    private const double LowestSigma = 0.002;
    private const double HighestSigma = 80;

    // The variance-preserving process whose time runs from 1e-3 to 1 while sigma runs over EDM's range.
    private static readonly double BetaSlope =
        2
        * ((Math.Log((LowestSigma * LowestSigma) + 1) / EarliestTime) - Math.Log((HighestSigma * HighestSigma) + 1))
        / (EarliestTime - 1);

    private static readonly double BetaStart = Math.Log((HighestSigma * HighestSigma) + 1) - (0.5 * BetaSlope);

    public string Name => "deis";

    public Tensor Sample(SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var sigmas = run.Sigmas;
        var times = sigmas.Select(Time).ToArray();
        var history = new StepHistory(MaxOrder);
        Tensor? x = run.Start();
        for (var step = 0; step < run.StepCount; step++)
        {
            using var scope = new TensorScope();
            var (sigma, next) = (sigmas[step], sigmas[step + 1]);
            var denoised = run.Denoise(x!, sigma);
            // The reference shows its callback the latent the run started from, at every step.
            run.Report(step, sigma, denoised, run.X);
            history.Push(scope, SamplerMath.ToDerivative(x!, sigma, denoised));
            var order = next <= 0 ? 1 : history.Count;
            var stepped = x!;
            if (order == 1)
            {
                stepped = stepped.AddScaled(history[0], next - sigma);
            }
            else
            {
                var coefficients = Coefficients(times, step, order);
                for (var back = 0; back < order; back++)
                {
                    stepped = stepped.AddScaled(history[back], coefficients[back]);
                }
            }
            scope.Carry(ref x, stepped);
        }
        return x!;
    }

    private static double Time(float sigma) =>
        (Math.Sqrt((BetaStart * BetaStart) + (2 * BetaSlope * Math.Log(((double)sigma * sigma) + 1))) - BetaStart)
        / BetaSlope;

    /// <summary>Sums of the exponential weight times the Lagrange polynomials, over the step.</summary>
    private static double[] Coefficients(double[] times, int step, int order)
    {
        var (start, end) = (times[step], times[step + 1]);
        var sums = new double[order];
        for (var point = 0; point < Points; point++)
        {
            var time = start + ((end - start) * point / (Points - 1));
            var alpha = Math.Exp((-0.5 * time * time * BetaSlope) - (time * BetaStart));
            var weight = 0.5 * ((time * BetaSlope) + BetaStart) / Math.Sqrt(alpha * (1 - alpha));
            for (var back = 0; back < order; back++)
            {
                var polynomial = weight;
                for (var other = 0; other < order; other++)
                {
                    if (other != back)
                    {
                        polynomial *= (time - times[step - other]) / (times[step - back] - times[step - other]);
                    }
                }
                sums[back] += polynomial;
            }
        }
        // The reference divides by the number of points, not of the intervals between them.
        return [.. sums.Select(sum => sum * (end - start) / Points)];
    }
}
