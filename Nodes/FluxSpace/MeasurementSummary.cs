using NodeHost.Diffusion.FluxSpace.Analysis;
using NodeHost.Images.Charts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>A measurement's table and charts.</summary>
internal sealed class MeasurementSummary
{
    private readonly MeasurementFile _measurement;
    private readonly CollapsePredictors _predictors;
    private readonly double _limit;
    private readonly (double X, double Y)[] _ratios;

    public MeasurementSummary(MeasurementFile measurement, CollapsePredictors predictors, double limit)
    {
        (_measurement, _predictors, _limit) = (measurement, predictors, limit);
        _ratios = [.. SafeWindow.Scales.Select(scale => (scale, predictors.EnvelopeRatio(scale)))];
        var safe = _ratios.Where(point => point.Y <= limit).Select(point => point.X).ToHashSet();
        // The ratio at 0 is 1 and the limit no less, so 0 at least is safe.
        Window = SafeWindow.Scan(safe.Contains) ?? new SafeWindow(0, 0);
    }

    public required int Slot { get; init; }

    public Calibration? Calibration { get; init; }

    public IReadOnlyList<double> Intact { get; init; } = [];

    public IReadOnlyList<double> Collapsed { get; init; } = [];

    public SafeWindow Window { get; }

    public IEnumerable<string[]> Table()
    {
        yield return
        [
            $"Safe scales: {Text(Window.Lower)} to {Text(Window.Upper)} (width {Text(Window.Width)}), limit {Text(_limit)} x the unedited peak {Text(_predictors.EnvelopeAtZero)}",
        ];
        yield return [$"Render to check: {string.Join(", ", Window.VerificationScales.Select(scale => Text(scale)))}"];
        yield return
        [
            $"Pull against attention: |cos| p95 {Text(_predictors.CosineP95)}, mean cos {Text(_predictors.CosineMean)}, |pull|/|attention| p95 {Text(_predictors.NormRatioP95)}",
        ];
        yield return [$"Strongest pull: {StrongestSite()}"];
        if (Fit() is { } fit)
        {
            yield return
            [
                $"Your own limit: {Text(fit.Threshold)} tells {fit.Accuracy:P0} of {Intact.Count + Collapsed.Count} scales rightly, "
                    + $"{Text(_limit)} tells {ThresholdFit.AccuracyOf(_limit, Observations):P0}; set max_ratio to use it, here or with another seed",
            ];
        }
        yield return [];
        yield return
        [
            "scale",
            "peak",
            "ratio",
            "",
            .. Calibration is null ? [] : new[] { "z max", "distance", "mean distance", "norm ratio" },
        ];
        foreach (var scale in Window.VerificationScales)
        {
            var ratio = _predictors.EnvelopeRatio(scale);
            yield return
            [
                Text(scale),
                Text(_predictors.MaxEnvelope(scale)),
                Text(ratio),
                ratio <= _limit ? "safe" : "collapse",
                .. Calibration is { } calibration
                    ? new[]
                    {
                        Text(calibration.MaxStandardised(scale)),
                        Text(calibration.MaxDistance(scale)),
                        Text(calibration.MeanDistance(scale)),
                        Text(calibration.NormRatio(scale)),
                    }
                    : [],
            ];
        }
    }

    public LineChart RatioChart() =>
        new()
        {
            Title = $"Safe scales {Text(Window.Lower)} to {Text(Window.Upper)}",
            XLabel = "scale",
            YLabel = "peak attention / unedited peak",
            Series = [new LineSeries("", _ratios, Colour.Azure)],
            Band = (Window.Lower, Window.Upper),
            Levels = [new ChartMark($"collapse above {Text(_limit)}", _limit, Colour.Vermilion)],
            Ceiling = Math.Max(2.5, 2 * _limit),
        };

    public HeatMap SiteMap() =>
        new()
        {
            Title = "Where the edit pulls: |pull| / |attention| by step and block",
            Rows = [.. _measurement.Steps.Select(step => $"step {step}")],
            Columns = _measurement.Blocks,
            Values = _predictors.NormRatios(),
        };

    private string StrongestSite()
    {
        var norms = _measurement.DeltaNorms(Slot).ToArray();
        var values = norms.Length > 0 ? [.. norms.Select(norm => (double)norm)] : _predictors.NormRatios();
        var (site, value) = values.Index().MaxBy(entry => entry.Item);
        var (step, block) = Math.DivRem(site, _measurement.Blocks.Count);
        var kind = norms.Length > 0 ? "norm" : "share of attention";
        return $"{_measurement.Blocks[block]} at step {_measurement.Steps[step]} ({kind} {Text(value)})";
    }

    /// <summary>The ratio at every scale whose picture was seen, and what was seen.</summary>
    private (double Ratio, bool Collapsed)[] Observations =>
        [
            .. Intact.Select(scale => (_predictors.EnvelopeRatio(scale), false)),
            .. Collapsed.Select(scale => (_predictors.EnvelopeRatio(scale), true)),
        ];

    // At scale 0 the ratio is 1 and the picture whole, so no limit below 1 can be right.
    private ThresholdFit? Fit()
    {
        var observations = Observations;
        if (observations.Length == 0)
        {
            return null;
        }
        var limit = Math.Max(1, ThresholdFit.Of(observations).Threshold);
        return new ThresholdFit(limit, ThresholdFit.AccuracyOf(limit, observations));
    }

    private static string Text(double value) => ReportDisplay.Number(value);
}
