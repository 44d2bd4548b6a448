namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>How attention spreads over several unedited prompts, and how far an edit leads out of that.</summary>
public sealed class Calibration
{
    private const double SmallestDeviation = 1e-6;

    private readonly ChannelLines _standardised;
    private readonly ChannelLines _raw;
    private readonly double[] _norms;

    /// <param name="measurement">An edit's measurement, at the sites of the others (<see cref="MeasurementFile.Restrict"/>).</param>
    /// <param name="bases">Measurements of unedited prompts at the same sites in the same order.</param>
    /// <param name="slot">Which of the edit's slots, from 1.</param>
    public Calibration(MeasurementFile measurement, IReadOnlyList<MeasurementFile> bases, int slot = 1)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentOutOfRangeException.ThrowIfZero(bases.Count);
        if (bases.FirstOrDefault(file => file.Width != measurement.Width) is { } other)
        {
            throw new FluxSpaceException(
                $"Calibration: a base measurement has {other.Width} channels, the edit's has {measurement.Width}. Measure both with one model."
            );
        }
        var attention = CollapsePredictors.ToDoubles(measurement.Base);
        var pull = CollapsePredictors.ToDoubles(measurement.Delta(slot));
        _raw = new ChannelLines(attention, pull, measurement.Width);

        var prompts = bases.Select(file => CollapsePredictors.ToDoubles(file.Base)).ToArray();
        var standardisedPull = new double[pull.Length];
        var standardised = new double[attention.Length];
        for (var index = 0; index < attention.Length; index++)
        {
            var mean = prompts.Average(prompt => prompt[index]);
            var variance = prompts.Average(prompt => (prompt[index] - mean) * (prompt[index] - mean));
            var deviation = Math.Sqrt(variance) + SmallestDeviation;
            standardised[index] = (attention[index] - mean) / deviation;
            standardisedPull[index] = pull[index] / deviation;
        }
        _standardised = new ChannelLines(standardised, standardisedPull, measurement.Width);
        _norms = MeanNorms(bases, measurement);
    }

    /// <summary><c>max |(ab + s*d - mean) / deviation|</c>.</summary>
    public double MaxStandardised(double scale) => _standardised.Largest(scale);

    /// <summary>Largest distance from the calibration's mean over sites, each channel in units of its deviation.</summary>
    public double MaxDistance(double scale) => Distances(scale).Max();

    /// <summary>Mean over sites of the same distance.</summary>
    public double MeanDistance(double scale) => Distances(scale).Average();

    /// <summary>Largest over sites of <c>|ab + s*d|</c> over the calibration's mean norm for each channel; NaN for short files, which have no norms.</summary>
    public double NormRatio(double scale) =>
        _norms.Length == 0 ? double.NaN : _norms.Index().Max(site => _raw.Norm(site.Index, scale) / site.Item);

    private IEnumerable<double> Distances(double scale) =>
        Enumerable.Range(0, _standardised.SiteCount).Select(site => _standardised.Norm(site, scale));

    private static double[] MeanNorms(IReadOnlyList<MeasurementFile> bases, MeasurementFile measurement)
    {
        var all = bases.Select(file => file.BaseNorms().ToArray()).ToArray();
        return all.Any(norms => norms.Length == 0)
            ? []
            :
            [
                .. Enumerable
                    .Range(0, measurement.SiteCount)
                    .Select(site => all.Average(norms => (double)norms[site]) / Math.Sqrt(measurement.Width)),
            ];
    }
}
