using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Directions;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Adds one tensor from a file to attention, at every step of the window. Proposed in the published work, never validated.</summary>
[Node(
    WireName,
    Category = EditNode.Category,
    Module = EditNode.Module,
    Description = "Adds the array 'delta' ([channels] or [tokens, channels]) of a file to attention at the layers named (empty: all of them). Proposed in the published work, never validated there."
)]
public sealed class FluxSpaceEditDirect : INode<DiffusionModel>, IFingerprintedNode
{
    private const string WireName = "FluxSpaceEditDirect";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Text(Tooltip = "File with the array delta, relative to the input or the output folder.")]
    public string DeltaNpzPath { get; init; } = "";

    [Text(Placeholder = "double_18, single_34", Tooltip = "Layers apart by commas; empty: all of them.")]
    public string Blocks { get; init; } = "";

    [Number(-1000.0, 1000.0, Step = 0.01)]
    public double Scale { get; init; } = 1.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; } = 0.15;

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    [Toggle]
    public bool Verbose { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        DirectionNode.Apply(
            context,
            Model,
            WireName,
            ("delta_npz_path", DeltaNpzPath),
            (Scale, new EditWindow(StartPercent, EndPercent), Verbose),
            path => DirectionSet.ReadDirect(path, Wanted())
        );

    public object? Fingerprint(NodeContext context) => InputArray.Fingerprint(context, DeltaNpzPath);

    private IReadOnlyList<string> Wanted()
    {
        var named = Blocks.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return named.Length > 0 ? [.. named.Distinct()] : FluxBlockNames.Of(Model.Source);
    }
}
