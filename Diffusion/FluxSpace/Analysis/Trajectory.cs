namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>One response over a sweep of scale or mix, and what its shape says.</summary>
public sealed class Trajectory
{
    private const double Tolerance = 1e-4;
    private const double SmallestRange = 1e-9;
    private const int CubicDegree = 3;
    private const int FewestForAShape = 3;

    /// <param name="name">What was swept: a face and a seed, say.</param>
    /// <param name="points">At least two, in any order.</param>
    public Trajectory(string name, IEnumerable<(double X, double Y)> points)
    {
        (double X, double Y)[] sorted = [.. points.OrderBy(point => point.X)];
        ArgumentOutOfRangeException.ThrowIfLessThan(sorted.Length, 2, nameof(points));
        Name = name;
        X = [.. sorted.Select(point => point.X)];
        Y = [.. sorted.Select(point => point.Y)];
        Steps = [.. Y.Zip(Y.Skip(1), (before, after) => after - before)];
        Tau = KendallTau.Of(X, Y);
        var line = PolynomialFit.Of(X, Y, 1);
        LinearRSquared = line.RSquared;
        CubicRSquared = PolynomialFit.Of(X, Y, CubicDegree).RSquared;
        Concavity = ConcavityOf(line.Residuals);
    }

    public string Name { get; }

    public IReadOnlyList<double> X { get; }

    public IReadOnlyList<double> Y { get; }

    /// <summary>Kendall's rank correlation with what is swept.</summary>
    public double Tau { get; }

    public double LinearRSquared { get; }

    public double CubicRSquared { get; }

    /// <summary>What a cubic explains beyond a line.</summary>
    public double Nonlinearity => Math.Max(0, CubicRSquared - LinearRSquared);

    /// <summary>Mean residual of the line in the middle third, less that of the first and last two points: above 0 it saturates.</summary>
    public double Concavity { get; }

    /// <summary>Whether it never turns by more than a ten-thousandth.</summary>
    public bool IsMonotone => Steps.All(step => step >= -Tolerance) || Steps.All(step => step <= Tolerance);

    /// <summary>Largest value less the smallest.</summary>
    public double Range => Y.Max() - Y.Min();

    /// <summary>Share of the range that is crossed in one step; near 1 it is a switch.</summary>
    public double MaxStepRatio => Steps.Max(Math.Abs) / (Range + SmallestRange);

    /// <summary>Whether there are points enough for its shape to say anything: two always lie on a line.</summary>
    public bool HasShape => X.Count >= FewestForAShape;

    public ResponseClass Class =>
        Tau < 0.7 ? ResponseClass.NonMonotone
        : LinearRSquared >= 0.85 ? ResponseClass.Linear
        : LinearRSquared >= 0.5 ? ResponseClass.Saturating
        : ResponseClass.NonMonotone;

    /// <summary>The interval that holds the largest change.</summary>
    public (double From, double To) Jump
    {
        get
        {
            var at = Steps.Index().MaxBy(step => Math.Abs(step.Item)).Index;
            return (X[at], X[at + 1]);
        }
    }

    private IReadOnlyList<double> Steps { get; }

    private static double ConcavityOf(IReadOnlyList<double> residuals)
    {
        var count = residuals.Count;
        var (from, to) = (count / 3, Math.Max(count / 3 + 1, 2 * count / 3));
        var middle = residuals.Skip(from).Take(to - from).Average();
        var ends = residuals.Take(2).Concat(residuals.TakeLast(2)).Average();
        return middle - ends;
    }
}
