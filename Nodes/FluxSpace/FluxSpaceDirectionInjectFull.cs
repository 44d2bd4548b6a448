using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Directions;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Adds whole cached differences to attention. Published result: this gives no visible edit where the live pair does.</summary>
[Node(
    WireName,
    Category = EditNode.Category,
    Module = EditNode.Module,
    Description = "Adds whole cached differences to attention. For comparison only: in the published experiments cached replay gave no visible edit, up to scale 300."
)]
public sealed class FluxSpaceDirectionInjectFull : INode<DiffusionModel>, IFingerprintedNode
{
    private const string WireName = "FluxSpaceDirectionInjectFull";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Text(Tooltip = "The full_measure_path of a FluxSpaceEditPair, relative to the input or the output folder.")]
    public string DeltaFullNpzPath { get; init; } = "";

    [Number(-1000.0, 1000.0, Step = 0.01)]
    public double Scale { get; init; } = 1.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; } = 0.15;

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    [Toggle(Tooltip = "Scales each difference to the norm that was measured, which averaging over captures lowers.")]
    public bool Renorm { get; init; }

    [Toggle]
    public bool Verbose { get; init; }

    public DiffusionModel Execute(NodeContext context) =>
        DirectionNode.Apply(
            context,
            Model,
            WireName,
            ("delta_full_npz_path", DeltaFullNpzPath),
            (Scale, new EditWindow(StartPercent, EndPercent), Verbose),
            path => DirectionSet.ReadFull(path, Renorm)
        );

    public object? Fingerprint(NodeContext context) => InputArray.Fingerprint(context, DeltaFullNpzPath);
}
