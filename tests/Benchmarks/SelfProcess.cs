using System.Diagnostics;

namespace NodeHost.Benchmarks;

/// <summary>This program started again, for figures that belong to a process: its start, its peak of memory.</summary>
internal static class SelfProcess
{
    /// <summary>Starts it with arguments and reads the one line it prints.</summary>
    /// <returns>The line, and the seconds from before the start until it was there.</returns>
    public static (string Line, double Seconds) ReadLine(params string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process =
            Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("The benchmark could not start itself again.");
        var line = process.StandardOutput.ReadLine();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 && line is not null
            ? (line, seconds)
            : throw new InvalidOperationException(
                $"{string.Join(' ', arguments)}: exit code {process.ExitCode}; see above for what it said."
            );
    }
}
