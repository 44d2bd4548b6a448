using NodeHost.Diffusion.Lora;
using NodeHost.Diffusion.Models;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Loaders;

namespace NodeHost.Nodes.FluxSpace;

/// <summary>Applies a LoRA during a part of the run; weights are never changed, so nothing is undone at the switch.</summary>
[Node(WireName, Category = EditNode.Category, Module = EditNode.Module)]
public sealed class LoraLoaderStepGated : INode<DiffusionModel>
{
    private const string WireName = "LoraLoaderStepGated";

    [Input]
    public required DiffusionModel Model { get; init; }

    [Choice(typeof(ModelFiles), "loras")]
    public required string LoraName { get; init; }

    [Number(-100.0, 100.0, Step = 0.01)]
    public double StrengthModel { get; init; } = 1.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; } = 0.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    public DiffusionModel Execute(NodeContext context) =>
        GatedLoraNode.Apply(
            context,
            WireName,
            Model,
            LoraName,
            StrengthModel,
            new LoraGate(new GatedWindow(StartPercent, EndPercent)),
            blocks: null
        );
}
