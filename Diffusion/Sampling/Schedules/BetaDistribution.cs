namespace NodeHost.Diffusion.Sampling.Schedules;

/// <summary>
/// The beta distribution's quantiles: the regularised incomplete beta function by its continued fraction (DLMF 8.17.22,
/// evaluated by Lentz's method) and bisection with Newton steps.
/// </summary>
internal static class BetaDistribution
{
    private const double Tiny = 1e-300;

    public static double Quantile(double probability, double alpha, double beta)
    {
        if (probability <= 0 || probability >= 1)
        {
            return probability <= 0 ? 0 : 1;
        }
        var logBeta = LogGamma(alpha) + LogGamma(beta) - LogGamma(alpha + beta);
        var (low, high) = (0.0, 1.0);
        var x = 0.5;
        for (var iteration = 0; iteration < 200; iteration++)
        {
            var error = Cumulative(x, alpha, beta, logBeta) - probability;
            if (error > 0)
            {
                high = x;
            }
            else
            {
                low = x;
            }
            var density = Math.Exp(((alpha - 1) * Math.Log(x)) + ((beta - 1) * Math.Log(1 - x)) - logBeta);
            var next = x - (error / density);
            if (!(next > low && next < high))
            {
                next = (low + high) / 2;
            }
            if (Math.Abs(next - x) <= 1e-16 * x)
            {
                return next;
            }
            x = next;
        }
        return x;
    }

    private static double Cumulative(double x, double alpha, double beta, double logBeta)
    {
        var front = Math.Exp((alpha * Math.Log(x)) + (beta * Math.Log(1 - x)) - logBeta);
        return x < (alpha + 1) / (alpha + beta + 2)
            ? front * ContinuedFraction(x, alpha, beta) / alpha
            : 1 - (front * ContinuedFraction(1 - x, beta, alpha) / beta);
    }

    private static double ContinuedFraction(double x, double a, double b)
    {
        var c = 1.0;
        var d = 1 / NotZero(1 - ((a + b) * x / (a + 1)));
        var fraction = d;
        for (var m = 1; m < 500; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            fraction *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-16)
            {
                break;
            }
        }
        return fraction;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    /// <summary>Stirling's series after shifting the argument above 12.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        while (x < 12)
        {
            shift += Math.Log(x);
            x++;
        }
        var inverse = 1 / (x * x);
        var series =
            (
                1.0 / 12
                - (inverse * (1.0 / 360 - (inverse * (1.0 / 1260 - (inverse * (1.0 / 1680 - (inverse / 1188)))))))
            ) / x;
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }
}
