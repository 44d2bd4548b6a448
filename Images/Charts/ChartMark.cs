namespace NodeHost.Images.Charts;

/// <summary>A dashed line across a chart, at a value.</summary>
public sealed record ChartMark(string Label, double Value, Colour Colour);
