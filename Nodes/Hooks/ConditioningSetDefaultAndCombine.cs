using NodeHost.Diffusion.Conditions;
using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>Puts a prompt beside another for what that one leaves uncovered.</summary>
[Node(
    "ConditioningSetDefaultCombine",
    Category = "advanced/hooks/cond single",
    DisplayName = "Cond Set Default Combine",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class ConditioningSetDefaultAndCombine : INode<Conditioning>
{
    [Input(Name = "cond")]
    public required Conditioning Cond { get; init; }

    [Input(Name = "cond_DEFAULT")]
    public required Conditioning CondDefault { get; init; }

    [Input]
    public HookGroup? Hooks { get; init; }

    public Conditioning Execute(NodeContext context) =>
        ConditionProperties.Join(Cond, ConditionProperties.Default(CondDefault, Hooks));
}
