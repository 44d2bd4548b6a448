using System.Globalization;

namespace NodeHost.Images.Charts;

/// <summary>Where values lie along one side of a chart, with ticks at round numbers.</summary>
public sealed class ChartAxis
{
    private readonly double _step;

    private ChartAxis(double from, double to, double step) => (From, To, _step) = (from, to, step);

    public double From { get; }

    public double To { get; }

    /// <summary>Multiples of 1, 2 or 5 times a power of ten between the ends.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            var first = (long)Math.Ceiling(From / _step - 1e-9);
            var last = (long)Math.Floor(To / _step + 1e-9);
            for (var tick = first; tick <= last; tick++)
            {
                yield return tick * _step;
            }
        }
    }

    /// <summary>An axis that holds values.</summary>
    /// <param name="values">What is shown; not finite ones are left out.</param>
    /// <param name="tickCount">Ticks to aim for.</param>
    /// <param name="isWidened">Whether the ends move out to the next ticks.</param>
    public static ChartAxis Around(IEnumerable<double> values, int tickCount, bool isWidened)
    {
        double[] finite = [.. values.Where(double.IsFinite).DefaultIfEmpty(0)];
        var (from, to) = (finite.Min(), finite.Max());
        if (to - from < 1e-9 * Math.Max(1, Math.Abs(to)))
        {
            (from, to) = (from - 0.5, to + 0.5);
        }
        var rough = (to - from) / Math.Max(1, tickCount);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= rough * (1 - 1e-9)) * power;
        return isWidened
            ? new ChartAxis(Math.Floor(from / step + 1e-9) * step, Math.Ceiling(to / step - 1e-9) * step, step)
            : new ChartAxis(from, to, step);
    }

    /// <summary>A tick's label, with as many decimals as the ticks need.</summary>
    public string Label(double tick)
    {
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(_step) - 1e-9), 0, 9);
        var rounded = Math.Round(tick, decimals) + 0.0;
        return Math.Abs(rounded) >= 1e6
            ? rounded.ToString("0.#e0", CultureInfo.InvariantCulture)
            : rounded.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }

    /// <summary>0 at the start, 1 at the end.</summary>
    public double Share(double value) => (value - From) / (To - From);
}
