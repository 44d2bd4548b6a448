using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Hooks;

/// <summary>Sets where, when and with which hooks a pair of prompts applies, and puts it beside another.</summary>
[Node(
    "PairConditioningSetPropertiesAndCombine",
    Category = "advanced/hooks/cond pair",
    DisplayName = "Cond Pair Set Props Combine",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class PairConditioningSetPropertiesAndCombine : INode<(Conditioning Positive, Conditioning Negative)>
{
    [Input(Name = "positive")]
    public required Conditioning Positive { get; init; }

    [Input(Name = "negative")]
    public required Conditioning Negative { get; init; }

    [Input(Name = "positive_NEW")]
    public required Conditioning PositiveNew { get; init; }

    [Input(Name = "negative_NEW")]
    public required Conditioning NegativeNew { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double Strength { get; init; } = 1.0;

    [Choice(HookNode.DefaultArea, HookNode.MaskBounds)]
    public string SetCondArea { get; init; } = HookNode.DefaultArea;

    [Input]
    public Mask? Mask { get; init; }

    [Input]
    public HookGroup? Hooks { get; init; }

    [Input]
    public TimestepsRange? Timesteps { get; init; }

    public (Conditioning Positive, Conditioning Negative) Execute(NodeContext context) =>
        (
            ConditionProperties.Join(Positive, Properties.ApplyTo(PositiveNew)),
            ConditionProperties.Join(Negative, Properties.ApplyTo(NegativeNew))
        );

    private ConditionProperties Properties => new(Strength, SetCondArea, Mask, Hooks, Timesteps);
}
