using NodeHost.Diffusion.Sampling.Schedules;

namespace NodeHost.Tests.Diffusion.Sampling;

/// <summary>Against paths that are integrated numerically and all ways through the grid tried one by one.</summary>
public sealed class GitsScheduleTests
{
    private const int GridSteps = 100;

    private static readonly double[] Grid = StableDiffusionGrid();
    private static readonly Lazy<double[,]> Errors = new(EulerErrors);

    [Theory]
    [InlineData(0.8)]
    [InlineData(1.0)]
    [InlineData(1.2)]
    [InlineData(1.5)]
    public void Compute_FewSteps_IsTheCheapestOfAllWays(double coeff)
    {
        var errors = Errors.Value;
        var (best, two, three) = (double.MaxValue, (0, 0), (0, 0, 0));
        for (var a = 1; a < GridSteps; a++)
        {
            for (var b = a + 1; b < GridSteps; b++)
            {
                for (var c = b + 1; c < GridSteps; c++)
                {
                    var cost =
                        errors[0, a]
                        + (coeff * errors[a, b])
                        + (coeff * coeff * errors[b, c])
                        + (coeff * coeff * coeff * errors[c, GridSteps]);
                    (best, three) = cost < best ? (cost, (a, b, c)) : (best, three);
                }
            }
        }
        best = double.MaxValue;
        for (var a = 1; a < GridSteps; a++)
        {
            for (var b = a + 1; b < GridSteps; b++)
            {
                var cost = errors[0, a] + (coeff * errors[a, b]) + (coeff * coeff * errors[b, GridSteps]);
                (best, two) = cost < best ? (cost, (a, b)) : (best, two);
            }
        }

        AssertLevels([Grid[0], Grid[two.Item1], Grid[two.Item2], 0], GitsSchedule.Compute(coeff, 3, 1));
        AssertLevels(
            [Grid[0], Grid[three.Item1], Grid[three.Item2], Grid[three.Item3], 0],
            GitsSchedule.Compute(coeff, 4, 1)
        );
    }

    [Fact]
    public void Compute_LargerCoefficient_GoesToLowLevelsSooner()
    {
        var middles = new[] { 0.8, 0.95, 1.1, 1.2, 1.35, 1.5 }.Select(coeff => GitsSchedule.Compute(coeff, 10, 1)[5]);

        Assert.Equal(middles.OrderDescending(), middles);
        Assert.Equal(6, middles.Distinct().Count());
    }

    [Fact]
    public void Compute_MoreThanTwentySteps_LieBetweenThoseOfTwenty()
    {
        var twenty = GitsSchedule.Compute(1.2, 20, 1);
        var forty = GitsSchedule.Compute(1.2, 40, 1);

        Assert.Equal(
            twenty,
            forty.Where((_, index) => index % 2 == 0),
            (one, other) => Math.Abs(one - other) <= 1e-5 * one
        );
        Assert.All(Enumerable.Range(0, 39), step => Assert.True(forty[step] > forty[step + 1]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(1000)]
    public void Compute_AnyNumberOfSteps_FallsFromTheFirstLevelToZero(int steps)
    {
        var sigmas = GitsSchedule.Compute(1.2, steps, 1);

        Assert.Equal(steps + 1, sigmas.Length);
        Assert.Equal((14.61464f, 0f), (MathF.Round(sigmas[0], 5), sigmas[^1]));
        Assert.All(sigmas.Zip(sigmas.Skip(1)), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void Compute_Denoise_KeepsTheEnd()
    {
        Assert.Equal(GitsSchedule.Compute(1.2, 10, 1)[4..], GitsSchedule.Compute(1.2, 10, 0.6));
        Assert.Empty(GitsSchedule.Compute(1.2, 10, 0));
    }

    private static void AssertLevels(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * (1 + pair.First)));
    }

    private static double[] StableDiffusionGrid()
    {
        var (first, last) = (Math.Sqrt(0.00085), Math.Sqrt(0.012));
        var (signal, logs) = (1.0, new double[1000]);
        for (var time = 0; time < 1000; time++)
        {
            signal *= 1 - Math.Pow(first + ((last - first) * time / 999), 2);
            logs[time] = 0.5 * Math.Log((1 - signal) / signal);
        }
        return
        [
            .. Enumerable
                .Range(0, GridSteps + 1)
                .Select(place => 9.99 * (GridSteps - place))
                .Select(time => (Low: Math.Min((int)time, 998), Time: time))
                .Select(at => Math.Exp(logs[at.Low] + ((at.Time - at.Low) * (logs[at.Low + 1] - logs[at.Low])))),
        ];
    }

    private static double[,] EulerErrors()
    {
        var squares = new double[GridSteps + 1, GridSteps + 1];
        var inverse = 0.0;
        for (var mode = 1; mode < 4096; mode++)
        {
            inverse += 1.0 / SquaredFrequency(mode) / 4095;
        }
        foreach (var group in Enumerable.Range(1, 4095).GroupBy(SquaredFrequency))
        {
            var variance = 3 / inverse / group.Key;
            var path = Path(variance);
            for (var from = 0; from < GridSteps; from++)
            {
                for (var to = from + 1; to <= GridSteps; to++)
                {
                    var straight = path[from] + ((Grid[to] - Grid[from]) * Slope(path[from], Grid[from], variance));
                    squares[from, to] += group.Count() / 4095.0 * Math.Pow(path[to] - straight, 2);
                }
            }
        }
        var errors = new double[GridSteps + 1, GridSteps + 1];
        for (var from = 0; from <= GridSteps; from++)
        {
            for (var to = 0; to <= GridSteps; to++)
            {
                errors[from, to] = Math.Sqrt(squares[from, to]);
            }
        }
        return errors;
    }

    /// <summary>Modes of a 64x64 picture in the order of its discrete Fourier transform; 0 is the mean.</summary>
    private static int SquaredFrequency(int mode)
    {
        static int Signed(int index) => index < 32 ? index : index - 64;
        return (Signed(mode / 64) * Signed(mode / 64)) + (Signed(mode % 64) * Signed(mode % 64));
    }

    private static double Slope(double x, double level, double variance) => x * level / (variance + (level * level));

    /// <summary>The probability-flow ODE by Runge-Kutta's fourth-order rule.</summary>
    private static double[] Path(double variance)
    {
        const int substeps = 16;
        var path = new double[GridSteps + 1];
        var x = path[0] = Math.Sqrt(variance + (Grid[0] * Grid[0]));
        for (var place = 0; place < GridSteps; place++)
        {
            var h = (Grid[place + 1] - Grid[place]) / substeps;
            for (var substep = 0; substep < substeps; substep++)
            {
                var level = Grid[place] + (h * substep);
                var a = Slope(x, level, variance);
                var b = Slope(x + (h / 2 * a), level + (h / 2), variance);
                var c = Slope(x + (h / 2 * b), level + (h / 2), variance);
                var d = Slope(x + (h * c), level + h, variance);
                x += h / 6 * (a + (2 * b) + (2 * c) + d);
            }
            path[place + 1] = x;
        }
        return path;
    }
}
