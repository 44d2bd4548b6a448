using System.Globalization;
using NodeHost.Graph.Contracts;
using NodeHost.Images;
using NodeHost.Images.Charts;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Images;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>What a report shows: a table as text, and its charts as a picture in the temporary folder.</summary>
internal static class ReportDisplay
{
    private const int Width = 960;
    private const int ColumnGap = 2;

    public static UiOutput Show(
        NodeContext context,
        IEnumerable<string[]> table,
        params IReadOnlyList<(IChart Chart, int Height)> charts
    )
    {
        var picture = ChartSheet.Render(Width, charts);
        var paths = context.Get<IFolderPaths>();
        var prefix = $"fluxspace_report_{paths.TemporaryLetters(context.NodeId)}";
        var file = paths
            .BeginSave(FolderKind.Temp, prefix, picture.Width, picture.Height)
            .Write(".png", ImageEncoder.Png(picture, PngSaving.SaveCompression));
        return UiOutput.Text(Align([.. table])).Add("images", [file]);
    }

    public static string Number(double value, string format = "0.###") =>
        value.ToString(format, CultureInfo.InvariantCulture) is var text && text == "-0" ? "0" : text;

    /// <summary>Numbers that a user typed, apart by commas or blanks.</summary>
    /// <exception cref="FormatException">One of them is none.</exception>
    public static double[] Numbers(string input, string text) =>
        [
            .. text.Split([',', ' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)
                .Select(part =>
                    double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    && double.IsFinite(value)
                        ? value
                        : throw new FormatException(
                            $"input '{input}': expected numbers apart by commas such as 0, 0.5, 1, got '{part}'."
                        )
                ),
        ];

    private static string Align(string[][] rows)
    {
        int[] widths =
        [
            .. Enumerable
                .Range(0, rows.Max(row => row.Length))
                .Select(column =>
                    rows.Where(row => row.Length > column + 1).Select(row => row[column].Length).DefaultIfEmpty(0).Max()
                ),
        ];
        return string.Join(
            '\n',
            rows.Select(row =>
                string.Concat(row.Select((cell, column) => cell.PadRight(widths[column] + ColumnGap))).TrimEnd()
            )
        );
    }
}
