using System.Diagnostics;

namespace NodeHost.Benchmarks;

/// <summary>Times of repeated runs after a warm-up, in seconds.</summary>
internal sealed record Timing(double Best, double Median)
{
    /// <summary>Runs an action a number of times untimed, then timed.</summary>
    public static Timing Of(Action action, int runs, int warmUp = 1)
    {
        for (var run = 0; run < warmUp; run++)
        {
            action();
        }
        var times = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            times[run] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(times);
        return new Timing(times[0], times[runs / 2]);
    }
}
