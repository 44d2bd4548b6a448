namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>The limit of a predictor that best tells pictures that collapsed from those that did not.</summary>
/// <param name="Threshold">Above it, collapse is foretold.</param>
/// <param name="Accuracy">Share of the observations that are foretold rightly.</param>
public sealed record ThresholdFit(double Threshold, double Accuracy)
{
    /// <summary>Tries every observed value and every middle between two; of equally good ones the lowest is taken.</summary>
    public static ThresholdFit Of(IReadOnlyList<(double Value, bool Collapsed)> observations)
    {
        ArgumentOutOfRangeException.ThrowIfZero(observations.Count);
        double[] values = [.. observations.Select(observation => observation.Value).Distinct().Order()];
        var middles = values.Zip(values.Skip(1), (lower, upper) => (lower + upper) / 2);
        return values
            .Concat(middles)
            .Order()
            .Select(threshold => new ThresholdFit(threshold, AccuracyOf(threshold, observations)))
            .MaxBy(fit => fit.Accuracy)!;
    }

    /// <summary>Accuracy of a limit on observations, such as those of another seed.</summary>
    public static double AccuracyOf(double threshold, IReadOnlyList<(double Value, bool Collapsed)> observations) =>
        observations.Average(observation => observation.Value > threshold == observation.Collapsed ? 1.0 : 0.0);
}
