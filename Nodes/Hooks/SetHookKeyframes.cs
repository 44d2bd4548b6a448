using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>Changes the strength of hooks during the run.</summary>
[Node(
    "SetHookKeyframes",
    Category = "advanced/hooks/scheduling",
    DisplayName = "Set Hook Keyframes",
    Module = HookNode.Module,
    Experimental = true
)]
public sealed class SetHookKeyframes : INode<HookGroup>
{
    [Input]
    public required HookGroup Hooks { get; init; }

    [Input]
    public HookKeyframes? HookKf { get; init; }

    public HookGroup Execute(NodeContext context) => HookKf is null ? Hooks : Hooks.WithKeyframes(HookKf);
}
