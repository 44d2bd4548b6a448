namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>A least-squares polynomial through points.</summary>
/// <param name="RSquared">Share of the variance that it explains; 0 for constant values.</param>
/// <param name="Residuals">What is left of each value.</param>
internal sealed record PolynomialFit(double RSquared, IReadOnlyList<double> Residuals)
{
    private const double Negligible = 1e-9;

    /// <summary>
    /// Takes from the values their parts along 1, x, x^2 ..., each made orthogonal to those before, which is the
    /// least-squares solution without a system of equations.
    /// </summary>
    public static PolynomialFit Of(IReadOnlyList<double> x, IReadOnlyList<double> y, int degree)
    {
        var middle = x.Average();
        var reach = Math.Max(x.Max(value => Math.Abs(value - middle)), double.Epsilon);
        var directions = new List<double[]>();
        double[] residuals = [.. y];
        var (total, left) = (0.0, 0.0);
        for (var power = 0; power <= degree; power++)
        {
            double[] direction = [.. x.Select(value => Math.Pow((value - middle) / reach, power))];
            foreach (var former in directions)
            {
                Remove(direction, former);
            }
            var norm = Math.Sqrt(Dot(direction, direction));
            // Fewer distinct points than powers: the higher ones add nothing.
            if (norm > Negligible)
            {
                direction = [.. direction.Select(value => value / norm)];
                directions.Add(direction);
                Remove(residuals, direction);
            }
            left = Dot(residuals, residuals);
            total = power == 0 ? left : total;
        }
        return new PolynomialFit(
            total <= Negligible * Negligible * Dot([.. y], [.. y]) ? 0 : 1 - left / total,
            residuals
        );
    }

    private static void Remove(double[] values, double[] direction)
    {
        var part = Dot(values, direction);
        for (var index = 0; index < values.Length; index++)
        {
            values[index] -= part * direction[index];
        }
    }

    private static double Dot(double[] first, double[] second) => first.Zip(second, (a, b) => a * b).Sum();
}
