namespace NodeHost.Images.Charts;

/// <summary>Charts below each other in one picture.</summary>
public static class ChartSheet
{
    /// <param name="width">Pixels across.</param>
    /// <param name="charts">From the top, each with its height.</param>
    public static PixelBuffer Render(int width, params IReadOnlyList<(IChart Chart, int Height)> charts)
    {
        ArgumentNullException.ThrowIfNull(charts);
        var canvas = new ChartCanvas(width, charts.Sum(chart => chart.Height));
        var top = 0;
        foreach (var (chart, height) in charts)
        {
            chart.Draw(canvas, new ChartArea(0, top, width, height));
            top += height;
        }
        return canvas.Picture;
    }
}
