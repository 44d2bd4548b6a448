using System.Globalization;

namespace NodeHost.Diffusion.FluxSpace.Analysis;

/// <summary>Scores of a sweep's pictures: a trajectory, the value swept, and one column for each channel.</summary>
/// <param name="SweptName">Heading of the value swept.</param>
/// <param name="Channels">Trajectories by channel; the first is the one the edit is for.</param>
public sealed record ResponseTable(
    string SweptName,
    IReadOnlyList<(string Channel, IReadOnlyList<Trajectory> Trajectories)> Channels
)
{
    private const int FixedColumns = 2;
    private const string SmileIntensity = "smile intensity";

    private static readonly string[] SmileParts = ["mouthSmileL", "mouthSmileR", "mouthStretchL", "mouthStretchR"];

    private const string Form =
        "Expected comma-separated lines, the first of them headings such as: trajectory,scale,smile,jaw";

    /// <exception cref="FluxSpaceException">It is not of that form; a trajectory at one value of the sweep is left out.</exception>
    public static ResponseTable Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[][] lines =
        [
            .. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(',', StringSplitOptions.TrimEntries)),
        ];
        if (lines.Length < 2 || lines[0].Length <= FixedColumns)
        {
            throw new FluxSpaceException($"Response table: no heading with three columns and a row. {Form}");
        }
        var headings = lines[0];
        var rows = lines.Skip(1).Select((line, index) => Row(line, index + 2, headings)).ToArray();
        (headings, rows) = WithSmile(headings, rows);
        return new ResponseTable(
            headings[1],
            [.. headings.Skip(FixedColumns).Select((channel, index) => (channel, Trajectories(rows, index + 1)))]
        );
    }

    /// <summary>Where a table has the four channels of a smile, their mean is one more, in front if the first is one of them.</summary>
    private static (string[] Headings, (string Name, double?[] Values)[] Rows) WithSmile(
        string[] headings,
        (string Name, double?[] Values)[] rows
    )
    {
        int[] parts =
        [
            .. SmileParts.Select(part =>
                Array.FindIndex(headings, heading => heading.StartsWith(part, StringComparison.OrdinalIgnoreCase))
            ),
        ];
        if (parts.Any(part => part < FixedColumns))
        {
            return (headings, rows);
        }
        var at = parts.Contains(FixedColumns) ? FixedColumns : headings.Length;
        return (
            [.. headings[..at], SmileIntensity, .. headings[at..]],
            [
                .. rows.Select(row =>
                    (row.Name, (double?[])[.. row.Values[..(at - 1)], Mean(row.Values), .. row.Values[(at - 1)..]])
                ),
            ]
        );

        double? Mean(double?[] values) =>
            parts.All(part => values[part - 1] is not null) ? parts.Average(part => values[part - 1]) : null;
    }

    private static Trajectory[] Trajectories((string Name, double?[] Values)[] rows, int column)
    {
        Trajectory[] trajectories =
        [
            .. rows.Where(row => row.Values[column] is not null)
                .GroupBy(row => row.Name)
                .Where(group => group.Select(row => row.Values[0]).Distinct().Count() > 1)
                .Select(group => new Trajectory(
                    group.Key,
                    group.Select(row => (row.Values[0]!.Value, row.Values[column]!.Value))
                )),
        ];
        return trajectories.Length > 0
            ? trajectories
            : throw new FluxSpaceException(
                $"Response table: column {column + 2} has no trajectory with two scores at different values of the sweep. Rows of one sweep carry one name. {Form}"
            );
    }

    private static (string Name, double?[] Values) Row(string[] cells, int line, string[] headings)
    {
        if (cells.Length != headings.Length)
        {
            throw new FluxSpaceException(
                $"Response table, line {line}: {cells.Length} cells under {headings.Length} headings. {Form}"
            );
        }
        return (cells[0], [.. cells.Skip(1).Select((cell, index) => Value(cell, index, line, headings))]);
    }

    // An empty score is a picture in which nothing was detected; the value swept must be there.
    private static double? Value(string cell, int index, int line, string[] headings) =>
        cell.Length == 0 && index > 0 ? null
        : double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
        : throw new FluxSpaceException(
            $"Response table, line {line}, '{headings[index + 1]}': expected a number, got '{cell}'. {Form}"
        );
}
