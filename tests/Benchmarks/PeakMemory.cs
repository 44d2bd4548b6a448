using System.Globalization;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks;

/// <summary>How much more memory this process needs while something runs, at its highest.</summary>
internal static class PeakMemory
{
    // Written to clear_refs, it sets the peak back to what is in use now.
    private const string ResetPeak = "5";

    /// <summary>Bytes above what was in use before; null where the system does not tell (it is no Linux).</summary>
    public static long? Extra(Action action)
    {
        try
        {
            GC.Collect();
            TorchRuntime.EmptyHostCache();
            File.WriteAllText("/proc/self/clear_refs", ResetPeak);
            var before = Status("VmRSS:");
            action();
            return Status("VmHWM:") - before;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A line of /proc/self/status, which reads "VmHWM:    123 kB", in bytes.</summary>
    public static long Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..^2], CultureInfo.InvariantCulture);
    }
}
