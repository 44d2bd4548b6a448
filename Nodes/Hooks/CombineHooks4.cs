using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>Several groups of hooks in one.</summary>
[Node(
    "CombineHooks4",
    Category = "advanced/hooks/combine",
    DisplayName = "Combine Hooks [4]",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class CombineHooks4 : INode<HookGroup>
{
    [Input(Name = "hooks_A")]
    public HookGroup? HooksA { get; init; }

    [Input(Name = "hooks_B")]
    public HookGroup? HooksB { get; init; }

    [Input(Name = "hooks_C")]
    public HookGroup? HooksC { get; init; }

    [Input(Name = "hooks_D")]
    public HookGroup? HooksD { get; init; }

    public HookGroup Execute(NodeContext context) => HookNode.CombineAll(HooksA, HooksB, HooksC, HooksD);
}
