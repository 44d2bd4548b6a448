using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Writes what attention gives in an unedited run, for every step, to a file.</summary>
[Node(WireName, Category = EditNode.Category, Module = EditNode.Module)]
public sealed class FluxSpaceBaseMeasure : INode<DiffusionModel>
{
    private const string WireName = "FluxSpaceBaseMeasure";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Text]
    public string MeasurePath { get; init; } = "";

    public DiffusionModel Execute(NodeContext context)
    {
        var name = EditNode.Name(context, WireName);
        var editor = new FluxSpaceEditor { Name = name, Measurement = EditNode.Target(context, name, MeasurePath) };
        if (editor.Measurement is null)
        {
            context.Warn(
                $"{name}: measure_path is empty, so nothing is measured. Give a path such as measurements/base.npz."
            );
        }
        return EditNode.Apply(context, Model, editor);
    }
}
