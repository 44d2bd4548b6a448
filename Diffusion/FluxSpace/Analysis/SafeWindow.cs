namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>The scales between which an edit is expected to leave the picture whole.</summary>
/// <param name="Lower">Smallest safe scale.</param>
/// <param name="Upper">Largest safe scale.</param>
public sealed record SafeWindow(double Lower, double Upper)
{
    /// <summary>The ratio of envelopes above which pictures collapse.</summary>
    public const double PublishedRatio = 1.275;

    private const int MostHundredths = 300;
    private const int StepHundredths = 5;

    private static readonly double[] Margins = [-0.2, -0.1, 0, 0.1, 0.2];

    /// <summary>The scales that are tried: -3 to 3 in steps of 0.05.</summary>
    public static IReadOnlyList<double> Scales { get; } =
    [
        .. Enumerable
            .Range(0, 2 * MostHundredths / StepHundredths + 1)
            .Select(step => (step * StepHundredths - MostHundredths) / 100.0),
    ];

    public double Width => Upper - Lower;

    /// <summary>Whether an edge is the end of what was tried, so that the true one may lie further out.</summary>
    public bool IsCutOff => Lower <= Scales[0] || Upper >= Scales[^1];

    /// <summary>The scales worth rendering to check the window: about each edge, and 0 and 1.</summary>
    public IReadOnlyList<double> VerificationScales =>
        [
            .. new[] { Lower, Upper }
                .SelectMany(edge => Margins.Select(margin => edge + margin))
                .Concat([0, 1])
                .Select(scale => Math.Round(scale, 2) + 0.0)
                .Distinct()
                .Order(),
        ];

    /// <summary>From the smallest to the largest safe scale; null where none is safe.</summary>
    public static SafeWindow? Scan(Func<double, bool> isSafe)
    {
        double[] safe = [.. Scales.Where(isSafe)];
        return safe.Length == 0 ? null : new SafeWindow(safe[0], safe[^1]);
    }
}
