using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Directions;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Adds one atom's cached directions to attention. Published result: this gives no visible edit where the live pair does.</summary>
[Node(
    WireName,
    Category = EditNode.Category,
    Module = EditNode.Module,
    Description = "Adds cached channel directions of one atom to attention. For comparison only: in the published experiments cached directions gave no visible edit."
)]
public sealed class FluxSpaceDirectionInject : INode<DiffusionModel>, IFingerprintedNode
{
    private const string WireName = "FluxSpaceDirectionInject";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Text(
        Tooltip = "File with atom_NN_direction [K, channels], atom_NN_sites, step_keys and block_keys, relative to the input or the output folder."
    )]
    public string DirectionsNpzPath { get; init; } = "";

    [Number(0, 9999, Tooltip = "NN of the arrays' names.")]
    public int AtomId { get; init; }

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
            ("directions_npz_path", DirectionsNpzPath),
            (Scale, new EditWindow(StartPercent, EndPercent), Verbose),
            path => DirectionSet.ReadAtom(path, AtomId)
        );

    public object? Fingerprint(NodeContext context) => InputArray.Fingerprint(context, DirectionsNpzPath);
}
