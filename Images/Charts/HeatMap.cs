using System.Globalization;

namespace NodeHost.Images.Charts;

/// <summary>A grid of cells whose darkness is a value, with a key.</summary>
public sealed class HeatMap : IChart
{
    private const int Margin = 14;
    private const int LineHeight = ChartCanvas.TextHeight + 8;
    private const int KeyWidth = 160;

    public required string Title { get; init; }

    /// <summary>Names of the rows, from the top; those that do not fit are left out.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>Names of the columns, from the left.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Row by row; the palest cell is the smallest.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    public void Draw(ChartCanvas canvas, ChartArea area)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        var labelWidth = Rows.Max(ChartCanvas.WidthOf);
        var plot = area.Inset(Margin + labelWidth + 8, Margin + 2 * LineHeight, Margin + 8, Margin + LineHeight);
        double[] finite = [.. Values.Where(double.IsFinite).DefaultIfEmpty(0)];
        var (smallest, largest) = (finite.Min(), finite.Max());
        var span = Math.Max(largest - smallest, double.Epsilon);
        var (width, height) = (plot.Width / Columns.Count, plot.Height / Rows.Count);

        canvas.Text(area.Left + Margin, area.Top + Margin, Title, Colour.Ink);
        DrawKey(canvas, area, smallest, largest);
        foreach (var (index, value) in Values.Index())
        {
            var (row, column) = Math.DivRem(index, Columns.Count);
            var (left, top) = (Math.Round(plot.Left + column * width), Math.Round(plot.Top + row * height));
            var (right, bottom) = (
                Math.Round(plot.Left + (column + 1) * width),
                Math.Round(plot.Top + (row + 1) * height)
            );
            var gap = height > 12 && width > 6 ? 1 : 0;
            canvas.Fill(
                new ChartArea(left, top, right - left - gap, bottom - top - gap),
                Shade((value - smallest) / span)
            );
        }
        DrawNames(canvas, plot, width, height);
    }

    private void DrawNames(ChartCanvas canvas, ChartArea plot, double width, double height)
    {
        var every = Math.Max(1, (int)Math.Ceiling((ChartCanvas.TextHeight + 3) / height));
        for (var row = 0; row < Rows.Count; row += every)
        {
            var y = plot.Top + (row + 0.5) * height - ChartCanvas.TextHeight / 2;
            canvas.Text(plot.Left - 8, y, Rows[row], Colour.Grey, TextAnchor.End);
        }
        // A name may be wider than its column, and the next one then stands where there is room again.
        var free = double.NegativeInfinity;
        foreach (var (column, name) in Columns.Index())
        {
            var (middle, half) = (plot.Left + (column + 0.5) * width, ChartCanvas.WidthOf(name) / 2.0);
            if (middle - half >= free && middle + half <= plot.Right + Margin)
            {
                canvas.Text(middle, plot.Bottom + 8, name, Colour.Grey, TextAnchor.Middle);
                free = middle + half + 12;
            }
        }
    }

    private static void DrawKey(ChartCanvas canvas, ChartArea area, double smallest, double largest)
    {
        var (from, to) = (Label(smallest), Label(largest));
        var top = area.Top + Margin + LineHeight;
        canvas.Text(area.Left + Margin, top, from, Colour.Grey);
        var left = area.Left + Margin + ChartCanvas.WidthOf(from) + 4;
        for (var x = 0; x < KeyWidth; x++)
        {
            canvas.Fill(new ChartArea(left + x, top, 1, ChartCanvas.TextHeight), Shade((double)x / KeyWidth));
        }
        canvas.Text(left + KeyWidth + 6, top, to, Colour.Grey);
    }

    private static string Label(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static Colour Shade(double share) =>
        !double.IsFinite(share) ? Colour.Grid
        : share < 0.5 ? new Colour(246, 248, 252).Towards(Colour.Azure, share * 2)
        : Colour.Azure.Towards(new Colour(40, 0, 70), share * 2 - 1);
}
