using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>Two pairs of prompts side by side.</summary>
[Node(
    "PairConditioningCombine",
    Category = "advanced/hooks/cond pair",
    DisplayName = "Cond Pair Combine",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class PairConditioningCombine : INode<(Conditioning Positive, Conditioning Negative)>
{
    [Input(Name = "positive_A")]
    public required Conditioning PositiveA { get; init; }

    [Input(Name = "negative_A")]
    public required Conditioning NegativeA { get; init; }

    [Input(Name = "positive_B")]
    public required Conditioning PositiveB { get; init; }

    [Input(Name = "negative_B")]
    public required Conditioning NegativeB { get; init; }

    public (Conditioning Positive, Conditioning Negative) Execute(NodeContext context) =>
        (ConditionProperties.Join(PositiveA, PositiveB), ConditionProperties.Join(NegativeA, NegativeB));
}
