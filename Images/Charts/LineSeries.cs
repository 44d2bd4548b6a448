namespace NodeHost.Images.Charts;

/// <summary>Points joined by a line.</summary>
/// <param name="Label">Name in the legend; empty for none.</param>
/// <param name="Points">In order; the line has a gap at values that are not finite.</param>
/// <param name="Colour">Colour of the line.</param>
public sealed record LineSeries(string Label, IReadOnlyList<(double X, double Y)> Points, Colour Colour)
{
    public double Thickness { get; init; } = 2.5;

    /// <summary>Whether each point is marked.</summary>
    public bool HasSpots { get; init; }
}
