using NodeHost.Diffusion.Sampling.Parameterizations;

namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>
/// GITS, https://arxiv.org/abs/2405.11326, section 4: of a fine grid of levels those between which Euler's straight
/// steps leave the curved path of sampling least.
/// </summary>
/// <remarks>
/// The paper takes the path from a trained model. Its shape hardly depends on which one, so here it is that of pictures with
/// the power spectrum of natural ones, for which the probability-flow ODE has a closed solution
/// (docs/decisions/schedules-of-papers.md).
/// </remarks>
public static class GitsSchedule
{
    /// <summary>More steps than this are read between the levels of these.</summary>
    public const int MostSteps = 20;

    private const int FewestSteps = 2;
    private const int GridSteps = 100;

    // Latents have variance 1; guidance raises contrast. With 3, ten steps at 1.2 are the authors' for Stable Diffusion but for
    // two grid places.
    private const double Variance = 3;
    private const int LatentSize = 64;

    private static readonly double[] Grid = StableDiffusionLevels();
    private static readonly Lazy<double[,]> Costs = new(() => StepErrors(Grid, NaturalSpectrum()));

    /// <summary>The levels of a run; the last one is 0.</summary>
    /// <param name="coeff">How much an error counts over one a step earlier: below 1 steps gather at high levels, above 1 at low ones.</param>
    /// <param name="steps">Steps of the whole schedule, from 2.</param>
    /// <param name="denoise">Share of the steps, from the end, that is kept.</param>
    public static float[] Compute(double coeff, int steps, double denoise)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, FewestSteps);
        var path = BestPath(Costs.Value, coeff, Math.Min(steps, MostSteps));
        return TabulatedSchedule.Compute([.. path.Select(place => Grid[place])], steps, denoise);
    }

    /// <summary>The places of the grid that a run of so many steps goes through, by dynamic programming (algorithm 1).</summary>
    private static List<int> BestPath(double[,] costs, double coeff, int steps)
    {
        var next = new int[steps + 1, GridSteps];
        var rest = new double[steps + 1, GridSteps];
        for (var place = 0; place < GridSteps; place++)
        {
            (next[1, place], rest[1, place]) = (GridSteps, costs[place, GridSteps]);
        }
        for (var left = 2; left <= steps; left++)
        {
            for (var place = 0; place <= GridSteps - left; place++)
            {
                (next[left, place], rest[left, place]) = Enumerable
                    .Range(place + 1, GridSteps - left - place + 1)
                    .Select(to => (To: to, Cost: costs[place, to] + (coeff * rest[left - 1, to])))
                    .MinBy(step => step.Cost);
            }
        }
        var path = new List<int> { 0 };
        for (var left = steps; left > 0; left--)
        {
            path.Add(next[left, path[^1]]);
        }
        return path;
    }

    /// <summary>Distance (L2) of an Euler step from the path, for every start and end.</summary>
    /// <remarks>
    /// A component of variance v runs as x(s) ~ sqrt(v + s²), with dx/ds = x s / (v + s²); its mean square at level s is v + s².
    /// </remarks>
    private static double[,] StepErrors(double[] levels, (double Variance, double Share)[] spectrum)
    {
        var errors = new double[levels.Length, levels.Length];
        for (var from = 0; from < levels.Length; from++)
        {
            for (var to = from + 1; to < levels.Length; to++)
            {
                var (start, end) = (levels[from], levels[to]);
                var sum = 0.0;
                foreach (var (variance, share) in spectrum)
                {
                    var square = variance + (start * start);
                    var error = Math.Sqrt(square * (variance + (end * end))) - square - ((end - start) * start);
                    sum += share * error * error / square;
                }
                errors[from, to] = Math.Sqrt(sum);
            }
        }
        return errors;
    }

    /// <summary>Power falls with the square of the frequency (Field 1987); the mean is left out.</summary>
    private static (double Variance, double Share)[] NaturalSpectrum()
    {
        var half = Enumerable.Range(-LatentSize / 2, LatentSize).ToArray();
        var counts = half.SelectMany(row => half.Select(column => (row * row) + (column * column)))
            .Where(square => square > 0)
            .CountBy(square => square)
            .ToArray();
        double total = counts.Sum(item => item.Value);
        var mean = counts.Sum(item => item.Value / (double)item.Key) / total;
        return [.. counts.Select(item => (Variance / mean / item.Key, item.Value / total))];
    }

    private static double[] StableDiffusionLevels()
    {
        var sampling = new DiscreteModelSampling(new EpsPrediction());
        double last = sampling.Sigmas.Count - 1;
        return
        [
            .. Enumerable.Range(0, GridSteps + 1).Select(place => sampling.Sigma(last - (last * place / GridSteps))),
        ];
    }
}
