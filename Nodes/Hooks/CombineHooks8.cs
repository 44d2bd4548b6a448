using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>Several groups of hooks in one.</summary>
[Node(
    "CombineHooks8",
    Category = "advanced/hooks/combine",
    DisplayName = "Combine Hooks [8]",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class CombineHooks8 : INode<HookGroup>
{
    [Input(Name = "hooks_A")]
    public HookGroup? HooksA { get; init; }

    [Input(Name = "hooks_B")]
    public HookGroup? HooksB { get; init; }

    [Input(Name = "hooks_C")]
    public HookGroup? HooksC { get; init; }

    [Input(Name = "hooks_D")]
    public HookGroup? HooksD { get; init; }

    [Input(Name = "hooks_E")]
    public HookGroup? HooksE { get; init; }

    [Input(Name = "hooks_F")]
    public HookGroup? HooksF { get; init; }

    [Input(Name = "hooks_G")]
    public HookGroup? HooksG { get; init; }

    [Input(Name = "hooks_H")]
    public HookGroup? HooksH { get; init; }

    public HookGroup Execute(NodeContext context) =>
        HookNode.CombineAll(HooksA, HooksB, HooksC, HooksD, HooksE, HooksF, HooksG, HooksH);
}
