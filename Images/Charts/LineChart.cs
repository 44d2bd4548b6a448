namespace NodeHost.Images.Charts;

/// <summary>Lines over a value, with axes, ticks, a legend, and marks that say where to look.</summary>
public sealed class LineChart : IChart
{
    private const int Margin = 14;
    private const int LineHeight = ChartCanvas.TextHeight + 8;
    private const int LabelGap = 10;
    private const int Dash = 7;
    private const int LegendSwatch = 26;

    public required string Title { get; init; }

    public required string XLabel { get; init; }

    public required string YLabel { get; init; }

    public required IReadOnlyList<LineSeries> Series { get; init; }

    /// <summary>A stretch of the horizontal axis that is shaded.</summary>
    public (double From, double To)? Band { get; init; }

    /// <summary>Dashed lines at heights.</summary>
    public IReadOnlyList<ChartMark> Levels { get; init; } = [];

    /// <summary>Highest value shown; lines are cut off there.</summary>
    public double? Ceiling { get; init; }

    public void Draw(ChartCanvas canvas, ChartArea area)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        var points = Series.SelectMany(series => series.Points).ToArray();
        var heights = points.Select(point => Math.Min(point.Y, Ceiling ?? point.Y)).Concat(Levels.Select(l => l.Value));
        var across = ChartAxis.Around(points.Select(point => point.X), 8, isWidened: false);
        var up = ChartAxis.Around(heights, 5, isWidened: true);
        var labelWidth = up.Ticks.Max(tick => ChartCanvas.WidthOf(up.Label(tick)));
        var plot = area.Inset(
            Margin + labelWidth + 8,
            Margin + 2 * LineHeight + LabelGap,
            Margin + 8,
            Margin + 2 * LineHeight
        );

        canvas.Text(area.Left + Margin, area.Top + Margin, Title, Colour.Ink);
        canvas.Text(area.Left + Margin, area.Top + Margin + LineHeight, YLabel, Colour.Grey);
        canvas.Text(plot.Left + plot.Width / 2, plot.Bottom + LineHeight + 4, XLabel, Colour.Grey, TextAnchor.Middle);
        DrawBand(canvas, plot, across);
        DrawGrid(canvas, plot, across, up);
        foreach (var level in Levels)
        {
            var y = plot.Bottom - up.Share(level.Value) * plot.Height;
            for (var x = plot.Left; x < plot.Right; x += 2 * Dash)
            {
                canvas.Line((x, y), (Math.Min(x + Dash, plot.Right), y), level.Colour, 1.6);
            }
            canvas.Text(plot.Left + 8, y - ChartCanvas.TextHeight - 5, level.Label, level.Colour);
        }
        foreach (var series in Series)
        {
            DrawSeries(canvas, plot, across, up, series);
        }
        DrawLegend(canvas, area);
    }

    private void DrawBand(ChartCanvas canvas, ChartArea plot, ChartAxis across)
    {
        if (Band is { } band)
        {
            var (from, to) = (Math.Clamp(across.Share(band.From), 0, 1), Math.Clamp(across.Share(band.To), 0, 1));
            canvas.Fill(
                plot with
                {
                    Left = plot.Left + from * plot.Width,
                    Width = Math.Max(2, (to - from) * plot.Width),
                },
                Colour.White.Towards(Colour.Jade, 0.16)
            );
        }
    }

    private static void DrawGrid(ChartCanvas canvas, ChartArea plot, ChartAxis across, ChartAxis up)
    {
        foreach (var tick in up.Ticks)
        {
            var y = plot.Bottom - up.Share(tick) * plot.Height;
            canvas.Line((plot.Left, y), (plot.Right, y), Colour.Grid);
            canvas.Text(plot.Left - 8, y - ChartCanvas.TextHeight / 2, up.Label(tick), Colour.Grey, TextAnchor.End);
        }
        foreach (var tick in across.Ticks)
        {
            var x = plot.Left + across.Share(tick) * plot.Width;
            canvas.Line((x, plot.Bottom), (x, plot.Bottom + 5), Colour.Grey);
            canvas.Text(x, plot.Bottom + 9, across.Label(tick), Colour.Grey, TextAnchor.Middle);
        }
        canvas.Line((plot.Left, plot.Bottom), (plot.Right, plot.Bottom), Colour.Grey, 1.5);
        canvas.Line((plot.Left, plot.Top), (plot.Left, plot.Bottom), Colour.Grey, 1.5);
    }

    private static void DrawSeries(
        ChartCanvas canvas,
        ChartArea plot,
        ChartAxis across,
        ChartAxis up,
        LineSeries series
    )
    {
        (double X, double Y)? former = null;
        foreach (var (x, y) in series.Points)
        {
            // Beyond the ceiling a line would leave the plot.
            if (!double.IsFinite(y) || y > up.To + 1e-9)
            {
                former = null;
                continue;
            }
            var point = (plot.Left + across.Share(x) * plot.Width, plot.Bottom - up.Share(y) * plot.Height);
            if (former is { } from)
            {
                canvas.Line(from, point, series.Colour, series.Thickness);
            }
            if (series.HasSpots)
            {
                canvas.Spot(point, series.Colour, series.Thickness + 4);
            }
            former = point;
        }
    }

    private void DrawLegend(ChartCanvas canvas, ChartArea area)
    {
        var x = area.Right - Margin;
        var y = area.Top + Margin + LineHeight;
        foreach (var series in Series.Where(series => series.Label.Length > 0).DistinctBy(s => s.Label).Reverse())
        {
            canvas.Text(x, y, series.Label, Colour.Ink, TextAnchor.End);
            x -= ChartCanvas.WidthOf(series.Label) + 6;
            var middle = y + ChartCanvas.TextHeight / 2;
            canvas.Line((x - LegendSwatch, middle), (x, middle), series.Colour, Math.Max(3, series.Thickness));
            x -= LegendSwatch + 18;
        }
    }
}
