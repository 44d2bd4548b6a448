using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Loaders;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Applies a LoRA in several windows of the run, each with its strength, and with strengths for single blocks.</summary>
[Node(
    WireName,
    Category = EditNode.Category,
    Module = EditNode.Module,
    Description = "Windows are written 'start-end' or 'start-end=strength', in fractions of the run: 0-0.2=0.5, 0.2-0.8. Block strengths are written 'single=0.5, double_3=0'."
)]
public sealed class LoraLoaderStepGatedAdvanced : INode<DiffusionModel>
{
    private const string WireName = "LoraLoaderStepGatedAdvanced";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice(typeof(ModelFiles), "loras")]
    public required string LoraName { get; init; }

    [Number(-100.0, 100.0, Step = 0.01)]
    public double StrengthModel { get; init; } = 1.0;

    [Text(Tooltip = "Parts of the run in which the LoRA applies; where they overlap, their strengths add up.")]
    public string Windows { get; init; } = "0-1";

    [Text(
        Tooltip = "Factors of blocks: double, single, input, middle, output, with _N for a single one; other for the rest."
    )]
    public string BlockStrengths { get; init; } = "";

    public DiffusionModel Execute(NodeContext context)
    {
        var name = EditNode.Name(context, WireName);
        return GatedLoraNode.Apply(
            context,
            WireName,
            Model,
            LoraName,
            StrengthModel,
            EditNode.Read($"{name}, input 'windows'", () => LoraGate.Parse(Windows)),
            EditNode.Read(
                $"{name}, input 'block_strengths'",
                () => NodeHost.Diffusion.Lora.BlockStrengths.Parse(BlockStrengths)
            )
        );
    }
}
