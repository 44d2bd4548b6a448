namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>Foretells from one measurement at scale 1 how far attention leaves its usual range at any scale.</summary>
/// <remarks>
/// With <c>ab</c> the token mean of unsteered attention and <c>d</c> that of the edit's pull, attention at scale s is taken
/// to be <c>ab + s*d</c>. All values are maxima over sites.
/// </remarks>
public sealed class CollapsePredictors
{
    private readonly ChannelLines _raw;

    /// <param name="measurement">An edit's measurement.</param>
    /// <param name="slot">Which of its slots, from 1.</param>
    public CollapsePredictors(MeasurementFile measurement, int slot = 1)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        _raw = new ChannelLines(ToDoubles(measurement.Base), ToDoubles(measurement.Delta(slot)), measurement.Width);
        EnvelopeAtZero = MaxEnvelope(0);
        if (EnvelopeAtZero == 0)
        {
            throw new FluxSpaceException(
                $"{measurement.Name}: attn_base is 0 at all of its {measurement.SiteCount} sites, so there is no peak to compare with. "
                    + "Measure an edit at scale 1."
            );
        }
    }

    /// <summary>The envelope without an edit.</summary>
    public double EnvelopeAtZero { get; }

    /// <summary>95th percentile over sites of the cosine's magnitude between pull and attention.</summary>
    public double CosineP95 => Percentile.Of([.. Sites.Select(site => Math.Abs(_raw.Cosine(site)))], 95);

    /// <summary>Mean over sites of the cosine between pull and attention; strongly negative as a rule.</summary>
    public double CosineMean => Sites.Average(_raw.Cosine);

    /// <summary>95th percentile over sites of the pull's norm over attention's.</summary>
    public double NormRatioP95 => Percentile.Of([.. Sites.Select(_raw.SlopeRatio)], 95);

    private IEnumerable<int> Sites => Enumerable.Range(0, _raw.SiteCount);

    /// <summary><c>max |ab + s*d|</c>.</summary>
    public double MaxEnvelope(double scale) => _raw.Largest(scale);

    /// <summary>The envelope over that at scale 0: what decides on collapse.</summary>
    public double EnvelopeRatio(double scale) => MaxEnvelope(scale) / EnvelopeAtZero;

    /// <summary>The pull's norm over attention's, for each site in the file's order.</summary>
    public IReadOnlyList<double> NormRatios() => [.. Sites.Select(_raw.SlopeRatio)];

    internal static double[] ToDoubles(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (var index = 0; index < result.Length; index++)
        {
            result[index] = values[index];
        }
        return result;
    }
}
