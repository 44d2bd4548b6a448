using System.Globalization;

namespace NodeHost.Golden;

/// <summary>How one case went.</summary>
internal sealed record GoldenResult(string Case, GoldenOutcome Outcome, string Measured, string Tolerance)
{
    /// <summary>A number that must not exceed its tolerance; NaN never does well.</summary>
    public static GoldenResult OfError(string name, double error, double tolerance) =>
        new(name, error <= tolerance ? GoldenOutcome.Passed : GoldenOutcome.Failed, Text(error), Text(tolerance));

    /// <summary>Something that must be exactly so; <paramref name="difference"/> says where it is not, or is null.</summary>
    public static GoldenResult OfEquality(string name, string? difference) =>
        new(name, difference is null ? GoldenOutcome.Passed : GoldenOutcome.Failed, difference ?? "equal", "exact");

    public static GoldenResult Skipped(string name, string reason) => new(name, GoldenOutcome.Skipped, reason, "");

    private static GoldenResult Broken(string name, Exception error) =>
        new(name, GoldenOutcome.Failed, $"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}", "");

    /// <summary>The result of a check; an exception in it is a failure of the case, not of the runner.</summary>
    public static GoldenResult Guard(string name, Func<GoldenResult> check)
    {
        try
        {
            return check();
        }
        catch (Exception error)
        {
            return Broken(name, error);
        }
    }

    private static string Text(double value) => value.ToString("0.###e+0", CultureInfo.InvariantCulture);
}

internal enum GoldenOutcome
{
    Passed,
    Failed,
    Skipped,
}
