using NodeHost.Diffusion.FluxSpace.Analysis;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Says how pictures follow a sweep of scale or mix: in a line, levelling off, or by a switch, and where it lies.</summary>
[Node(WireName, Category = EditNode.Category, OutputNode = true)]
[Output(0, Tooltip = "Middle of the interval with the largest change: the value at which the edit sets in.")]
[Output(1, Tooltip = "Mean rank correlation of the response with the sweep, -1 to 1.")]
[Output(2, Tooltip = "Whether at least four in five trajectories follow the sweep strongly.")]
public sealed class FluxSpaceResponseReport : INode<NodeOutput<(double OnsetValue, double MeanTau, bool IsSteady)>>
{
    private const string WireName = "FluxSpaceResponseReport";

    [Text(Tooltip = "The scales, or mixes, of the pictures in their order, such as 0, 0.4, 0.8.")]
    public string Values { get; init; } = "";

    [Text(
        Multiline = true,
        Optional = true,
        Tooltip = "Scores instead of pictures, as comma-separated lines under headings: trajectory,scale,smile,jaw. The first channel is the one the edit is for."
    )]
    public string Table { get; init; } = "";

    [Input(
        Tooltip = "The pictures of a sweep with one seed; the response is how far each is from the one nearest to 0."
    )]
    public Image? Images { get; init; }

    public NodeOutput<(double OnsetValue, double MeanTau, bool IsSteady)> Execute(NodeContext context)
    {
        var name = EditNode.Name(context, WireName);
        var summary = new ResponseSummary(
            EditNode.Read(
                name,
                () => string.IsNullOrWhiteSpace(Table) ? FromPictures(name) : ResponseTable.Parse(Table)
            )
        );
        var primary = summary.Primary;
        var (from, to) = primary.Mean.Jump;
        return NodeOutput<(double, double, bool)>.Show(
            ReportDisplay.Show(context, summary.Table(), (summary.Chart(), 440)),
            ((from + to) / 2, primary.MeanTau, primary.IsSupported)
        );
    }

    private ResponseTable FromPictures(string name)
    {
        var values = ReportDisplay.Numbers("values", Values);
        if (Images is null || values.Length < 2 || values.Length != Images.BatchSize)
        {
            throw new ArgumentException(
                $"{name}: expected a table, or at least two pictures with a value for each; "
                    + $"got {Images?.BatchSize ?? 0} pictures and {values.Length} values. Batch the sweep's pictures and list their scales in values."
            );
        }
        var origin = values.Index().MinBy(value => Math.Abs(value.Item)).Index;
        var changes = values.Select((value, index) => (value, Difference(Images.Pixels, index, origin)));
        return new ResponseTable("scale", [("change of the picture", [new Trajectory("pictures", changes)])]);
    }

    private static double Difference(Tensor pixels, int index, int origin)
    {
        using var scope = new TensorScope();
        return (pixels.Slice(0, index, index + 1) - pixels.Slice(0, origin, origin + 1)).Abs().Mean().Item();
    }
}
