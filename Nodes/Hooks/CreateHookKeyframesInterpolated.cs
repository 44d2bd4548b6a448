using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>Changes of strength along a curve.</summary>
[Node(
    "CreateHookKeyframesInterpolated",
    Category = "advanced/hooks/scheduling",
    DisplayName = "Create Hook Keyframes Interp.",
    Module = HookNode.Module,
    Experimental = true
)]
[Output(0, Name = "HOOK_KF")]
public sealed class CreateHookKeyframesInterpolated : INode<HookKeyframes>
{
    [Number(0.0, 10.0, Step = 0.001)]
    public double StrengthStart { get; init; } = 1.0;

    [Number(0.0, 10.0, Step = 0.001)]
    public double StrengthEnd { get; init; } = 1.0;

    [Choice(HookCurve.Linear, HookCurve.EaseIn, HookCurve.EaseOut, HookCurve.EaseInOut)]
    public string Interpolation { get; init; } = HookCurve.Linear;

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; }

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    [Number(2, 100, Step = 1)]
    public int KeyframesCount { get; init; } = 5;

    [Toggle]
    public bool PrintKeyframes { get; init; }

    [Input]
    public HookKeyframes? PrevHookKf { get; init; }

    public HookKeyframes Execute(NodeContext context)
    {
        var strengths = HookCurve.Values(Interpolation, StrengthStart, StrengthEnd, KeyframesCount);
        var keyframes = (PrevHookKf ?? HookKeyframes.None).AddSpread(strengths, StartPercent, EndPercent);
        if (PrintKeyframes)
        {
            context.Text(HookCurve.Describe(keyframes));
        }
        return keyframes;
    }
}
