using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>A change of strength at a point of the run.</summary>
[Node(
    "CreateHookKeyframe",
    Category = "advanced/hooks/scheduling",
    DisplayName = "Create Hook Keyframe",
    Module = HookNode.Module,
    Experimental = true
)]
[Output(0, Name = "HOOK_KF")]
public sealed class CreateHookKeyframe : INode<HookKeyframes>
{
    [Number(-20.0, 20.0, Step = 0.01)]
    public double StrengthMult { get; init; } = 1.0;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; }

    [Input]
    public HookKeyframes? PrevHookKf { get; init; }

    public HookKeyframes Execute(NodeContext context) =>
        (PrevHookKf ?? HookKeyframes.None).Add(new HookKeyframe(StrengthMult, StartPercent));
}
