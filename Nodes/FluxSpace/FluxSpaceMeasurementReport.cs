using NodeHost.Diffusion.FluxSpace.Analysis;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Says from one measurement between which scales an edit leaves the picture whole, and where in the network it acts.</summary>
[Node(WireName, Category = EditNode.Category, OutputNode = true)]
[Output(0, Tooltip = "Smallest safe scale.")]
[Output(1, Tooltip = "Largest safe scale.")]
[Output(2, Tooltip = "A scale to begin with: 0.25 below the largest safe one, and at most 1.")]
public sealed class FluxSpaceMeasurementReport
    : INode<NodeOutput<(double ScaleMin, double ScaleMax, double SuggestedScale)>>,
        IFingerprintedNode
{
    private const string WireName = "FluxSpaceMeasurementReport";

    // The published windows end about this much too high.
    private const double UpperMargin = 0.25;
    private const double ScaleTolerance = 0.01;

    [Text(Tooltip = "The measure_path of an edit at scale 1, relative to the output or the input folder.")]
    public string MeasurePath { get; init; } = "measurements/pair.npz";

    [Number(
        1.0,
        100.0,
        Step = 0.005,
        Tooltip = "How many times its unedited peak attention may reach. 1.275 was fitted; 1.2 is more careful."
    )]
    public double MaxRatio { get; init; } = SafeWindow.PublishedRatio;

    [Number(1L, 4L, Tooltip = "Which slot of a FluxSpaceEditPairMulti.")]
    public long Slot { get; init; } = 1;

    [Input(Tooltip = "The sampler's output: the report then waits for the measurement.")]
    public Latent? Samples { get; init; }

    [Text(
        Optional = true,
        Multiline = true,
        Tooltip = "Files of FluxSpaceBaseMeasure for several prompts, one a line."
    )]
    public string CalibrationPaths { get; init; } = "";

    [Text(
        Optional = true,
        Tooltip = "Scales whose pictures you saw to be whole, such as -0.3, 0.8: a limit is fitted to them."
    )]
    public string IntactScales { get; init; } = "";

    [Text(Optional = true, Tooltip = "Scales whose pictures you saw to collapse, such as -1, 2.")]
    public string CollapsedScales { get; init; } = "";

    private IEnumerable<string> Calibrations =>
        CalibrationPaths.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public object? Fingerprint(NodeContext context) =>
        string.Join(
            '\n',
            new[] { MeasurePath }
                .Concat(Calibrations)
                .Select(path => InputArray.Fingerprint(context, WithExtension(path)))
        );

    public NodeOutput<(double ScaleMin, double ScaleMax, double SuggestedScale)> Execute(NodeContext context)
    {
        var name = EditNode.Name(context, WireName);
        var measurement = Load(context, name, "measure_path", MeasurePath);
        MeasurementFile[] bases = [.. Calibrations.Select(path => Load(context, name, "calibration_paths", path))];
        var report = EditNode.Read(name, () => Summarize(name, measurement, bases));
        if (measurement.Scale is { } scale && Math.Abs(scale - 1) > ScaleTolerance)
        {
            context.Warn(
                $"{name}: {MeasurePath} was measured at scale {ReportDisplay.Number(scale)}, and what it shows holds for scale 1: "
                    + "the edit has changed the attention that it is compared with. Measure at scale 1."
            );
        }
        if (report.Window.IsCutOff)
        {
            context.Warn(
                $"{name}: attention stays within {MaxRatio} times its peak to the end of the scales tried, {report.Window.Lower} to {report.Window.Upper}. "
                    + "The edit is weak or the limit too high; lower max_ratio, or check that both prompts say what is to change."
            );
        }
        return NodeOutput<(double, double, double)>.Show(
            ReportDisplay.Show(context, report.Table(), (report.RatioChart(), 400), (report.SiteMap(), 400)),
            (report.Window.Lower, report.Window.Upper, Math.Clamp(report.Window.Upper - UpperMargin, 0, 1))
        );
    }

    private MeasurementSummary Summarize(string name, MeasurementFile measurement, MeasurementFile[] bases)
    {
        Calibration? calibration = null;
        if (bases.Length > 0)
        {
            MeasurementFile[] all = [measurement, .. bases];
            measurement = measurement.Restrict(all);
            calibration = new Calibration(measurement, [.. bases.Select(file => file.Restrict(all))], (int)Slot);
        }
        return new MeasurementSummary(measurement, new CollapsePredictors(measurement, (int)Slot), MaxRatio)
        {
            Slot = (int)Slot,
            Calibration = calibration,
            Intact = ReportDisplay.Numbers("intact_scales", IntactScales),
            Collapsed = ReportDisplay.Numbers("collapsed_scales", CollapsedScales),
        };
    }

    private static MeasurementFile Load(NodeContext context, string name, string input, string path) =>
        InputArray.Read(context, name, input, WithExtension(path), MeasurementFile.Read);

    // As the measuring nodes name their files.
    private static string WithExtension(string path) =>
        path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) ? path : $"{path}.npz";
}
