using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>Puts a pair of prompts beside another for what that one leaves uncovered.</summary>
[Node(
    "PairConditioningSetDefaultCombine",
    Category = "advanced/hooks/cond pair",
    DisplayName = "Cond Pair Set Default Combine",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class PairConditioningSetDefaultAndCombine : INode<(Conditioning Positive, Conditioning Negative)>
{
    [Input(Name = "positive")]
    public required Conditioning Positive { get; init; }

    [Input(Name = "negative")]
    public required Conditioning Negative { get; init; }

    [Input(Name = "positive_DEFAULT")]
    public required Conditioning PositiveDefault { get; init; }

    [Input(Name = "negative_DEFAULT")]
    public required Conditioning NegativeDefault { get; init; }

    [Input]
    public HookGroup? Hooks { get; init; }

    public (Conditioning Positive, Conditioning Negative) Execute(NodeContext context) =>
        (
            ConditionProperties.Join(Positive, ConditionProperties.Default(PositiveDefault, Hooks)),
            ConditionProperties.Join(Negative, ConditionProperties.Default(NegativeDefault, Hooks))
        );
}
