using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.FluxSpace;
using NodeHost.Diffusion.FluxSpace.Measurement;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Moves a picture towards the mix of two prompts, inside attention.</summary>
[Node(WireName, Category = EditNode.Category, Module = EditNode.Module)]
public sealed class FluxSpaceEditPair : INode<DiffusionModel>
{
    private const string WireName = "FluxSpaceEditPair";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Input]
    public required Conditioning EditConditioningA { get; init; }

    [Input]
    public required Conditioning EditConditioningB { get; init; }

    [Number(-10.0, 10.0, Step = 0.01)]
    public double Scale { get; init; } = 1.0;

    [Number(0.0, 1.0, Step = 0.01)]
    public double MixB { get; init; } = 0.5;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; } = 0.15;

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    [Toggle]
    public bool DoubleBlocksOnly { get; init; }

    [Toggle]
    public bool Verbose { get; init; }

    [Text(Optional = true)]
    public string MeasurePath { get; init; } = "";

    [Text(Optional = true)]
    public string FullMeasurePath { get; init; } = "";

    [Text(Optional = true)]
    public string FullCaptureSitesJson { get; init; } = "";

    [Choice(EditNode.AllTokens, EditNode.ImageTokens, EditNode.TextTokens, Optional = true, ShowDefault = true)]
    public string Tokens { get; init; } = EditNode.AllTokens;

    public DiffusionModel Execute(NodeContext context)
    {
        var name = EditNode.Name(context, WireName);
        return EditNode.Apply(
            context,
            Model,
            new FluxSpaceEditor
            {
                Name = name,
                Slots = [new EditSlot(1, EditConditioningA, EditConditioningB, Scale, MixB)],
                Window = new EditWindow(StartPercent, EndPercent),
                Sites = new EditSites(DoubleBlocksOnly),
                Tokens = EditNode.Tokens(Tokens),
                Verbose = Verbose,
                Measurement = Target(context, name),
            }
        );
    }

    private MeasurementTarget? Target(NodeContext context, string name)
    {
        var target = EditNode.Target(context, name, MeasurePath);
        if (EditNode.OutputPath(context, name, "full_measure_path", FullMeasurePath) is not { } full)
        {
            if (!string.IsNullOrWhiteSpace(FullCaptureSitesJson))
            {
                context.Warn(
                    $"{name}: full_capture_sites_json names sites and full_measure_path no file, so they are not captured. "
                        + "Give a path such as measurements/full.npz."
                );
            }
            return target;
        }
        const string Input = "full_capture_sites_json";
        var sites = EditNode.Read($"{name}, input '{Input}'", () => CaptureSite.Parse(FullCaptureSitesJson));
        string[] blocks =
        [
            .. FluxBlockNames
                .Of(Model.Source)
                .Where(block => !DoubleBlocksOnly || block.StartsWith("double", StringComparison.Ordinal)),
        ];
        if (blocks.Length > 0 && sites.FirstOrDefault(site => !blocks.Contains(site.Block)) is { } unknown)
        {
            throw new FluxSpaceException(
                $"{name}, input '{Input}': the edit reaches no layer {unknown.Block} of {Model.Source.Name}; it reaches "
                    + $"{blocks[0]} to {blocks[^1]}. Name one of these"
                    + (DoubleBlocksOnly ? ", or switch double_blocks_only off." : ".")
            );
        }
        return (target ?? new MeasurementTarget()) with { FullPath = full, FullSites = sites };
    }
}
