using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Moves a picture towards one prompt, inside attention.</summary>
[Node(WireName, Category = EditNode.Category, Module = EditNode.Module)]
public sealed class FluxSpaceEdit : INode<DiffusionModel>
{
    private const string WireName = "FluxSpaceEdit";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required Conditioning EditConditioning { get; init; }

    [Number(-10.0, 10.0, Step = 0.01)]
    public double Scale { get; init; } = 1.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; } = 0.15;

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    [Toggle]
    public bool DoubleBlocksOnly { get; init; }

    [Toggle]
    public bool Verbose { get; init; }

    [Choice(EditNode.AllTokens, EditNode.ImageTokens, EditNode.TextTokens, Optional = true, ShowDefault = true)]
    public string Tokens { get; init; } = EditNode.AllTokens;

    public DiffusionModel Execute(NodeContext context) =>
        EditNode.Apply(
            context,
            Model,
            new FluxSpaceEditor
            {
                Name = EditNode.Name(context, WireName),
                Slots = [new EditSlot(1, EditConditioning, B: null, Scale)],
                Window = new EditWindow(StartPercent, EndPercent),
                Sites = new EditSites(DoubleBlocksOnly),
                Tokens = EditNode.Tokens(Tokens),
                Verbose = Verbose,
            }
        );
}
