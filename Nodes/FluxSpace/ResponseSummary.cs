using NodeHost.Diffusion.FluxSpace.Analysis;
using NodeHost.Images.Charts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>A sweep's table and chart.</summary>
internal sealed class ResponseSummary(ResponseTable table)
{
    /// <summary>The channel that the edit is for.</summary>
    public MonotonicityReport Primary { get; } = new(table.Channels[0].Trajectories);

    public IEnumerable<string[]> Table()
    {
        var (from, to) = Primary.Mean.Jump;
        yield return
        [
            $"{table.Channels[0].Channel}: {(Primary.IsSupported ? "follows" : "does not follow")} {table.SweptName} steadily; "
                + $"|tau| >= 0.9 on {Primary.StrongShare:P0} of {Primary.Trajectories.Count} trajectories (80 % needed)",
        ];
        yield return [$"Largest change between {Text(from)} and {Text(to)}"];
        yield return
        [
            $"Shapes: {Primary.ShareOf(ResponseClass.Linear):P0} linear (A), {Primary.ShareOf(ResponseClass.Saturating):P0} saturating (B), {Primary.ShareOf(ResponseClass.NonMonotone):P0} not monotone (C); of {Primary.ShapedCount} trajectories with three values or more",
        ];
        yield return [];
        yield return ["channel", "mean tau", "mean |tau|", "|tau| >= .9", "monotone", "max step", "p95", "mean range"];
        foreach (var (channel, trajectories) in table.Channels)
        {
            var report = new MonotonicityReport(trajectories);
            yield return
            [
                channel,
                Text(report.MeanTau),
                Text(report.MeanAbsoluteTau),
                Text(report.StrongShare),
                Text(report.MonotoneRate),
                Text(report.MeanMaxStepRatio),
                Text(report.MaxStepRatioP95),
                Text(report.MeanRange),
            ];
        }
        yield return [];
        yield return
        [
            "trajectory",
            "class",
            "tau",
            "R2 line",
            "R2 cubic",
            "nonlinearity",
            "concavity",
            "monotone",
            "max step",
        ];
        foreach (var trajectory in Primary.Trajectories)
        {
            yield return
            [
                trajectory.Name,
                trajectory.HasShape ? Letter(trajectory.Class) : "-",
                Text(trajectory.Tau),
                Text(trajectory.LinearRSquared),
                Text(trajectory.CubicRSquared),
                Text(trajectory.Nonlinearity),
                Text(trajectory.Concavity),
                trajectory.IsMonotone ? "yes" : "no",
                Text(trajectory.MaxStepRatio),
            ];
        }
    }

    public LineChart Chart()
    {
        var isMany = Primary.Trajectories.Count > 1;
        IEnumerable<LineSeries> each = Primary
            .Trajectories.OrderBy(trajectory => trajectory.Class)
            .Select(trajectory => new LineSeries(
                trajectory.HasShape ? Label(trajectory.Class) : "two values",
                Points(trajectory),
                Tone(trajectory.Class, isMany)
            )
            {
                Thickness = isMany ? 1.4 : 3,
                HasSpots = !isMany,
            });
        return new LineChart
        {
            Title = $"Response to {table.SweptName}; shaded: the largest change",
            XLabel = table.SweptName,
            YLabel = table.Channels[0].Channel,
            Series = isMany
                ?
                [
                    .. each,
                    new LineSeries("mean", Points(Primary.Mean), Colour.Ink) { Thickness = 3.5, HasSpots = true },
                ]
                : [.. each],
            Band = Primary.Mean.Jump,
        };
    }

    private static (double X, double Y)[] Points(Trajectory trajectory) => [.. trajectory.X.Zip(trajectory.Y)];

    private static Colour Tone(ResponseClass kind, bool isPale) =>
        kind switch
        {
            ResponseClass.Linear => Colour.Jade,
            ResponseClass.Saturating => Colour.Azure,
            _ => Colour.Vermilion,
        }
            is var colour
        && isPale
            ? colour.Towards(Colour.White, 0.35)
            : colour;

    private static string Label(ResponseClass kind) =>
        kind switch
        {
            ResponseClass.Linear => "A linear",
            ResponseClass.Saturating => "B saturating",
            _ => "C not monotone",
        };

    private static string Letter(ResponseClass kind) => Label(kind)[..1];

    private static string Text(double value) => ReportDisplay.Number(value);
}
