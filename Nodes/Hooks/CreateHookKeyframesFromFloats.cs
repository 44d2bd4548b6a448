using NodeHost.Diffusion.Hooks;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Hooks;

/// <summary>Changes of strength by a list of numbers.</summary>
[Node(
    "CreateHookKeyframesFromFloats",
    Category = "advanced/hooks/scheduling",
    DisplayName = "Create Hook Keyframes From Floats",
    Module = HookNode.Module,
    Experimental = true
)]
[Output(0, Name = "HOOK_KF")]
public sealed class CreateHookKeyframesFromFloats : INode<HookKeyframes>
{
    [Input(Type = "FLOATS")]
    [InputOption("default", "-1")]
    [InputOption("min", "-1")]
    [InputOption("step", "0.001")]
    [InputOption("forceInput", "true")]
    public required object FloatsStrength { get; init; }

    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; }

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    [Toggle]
    public bool PrintKeyframes { get; init; }

    [Input]
    public HookKeyframes? PrevHookKf { get; init; }

    public HookKeyframes Execute(NodeContext context)
    {
        var keyframes = (PrevHookKf ?? HookKeyframes.None).AddSpread(Strengths(), StartPercent, EndPercent);
        if (PrintKeyframes)
        {
            context.Text(HookCurve.Describe(keyframes));
        }
        return keyframes;
    }

    private IReadOnlyList<double> Strengths() =>
        FloatsStrength switch
        {
            IEnumerable<double> values => [.. values],
            IEnumerable<float> values => [.. values.Select(value => (double)value)],
            double value => [value],
            int value => [value],
            long value => [value],
            _ => throw new ArgumentException(
                $"CreateHookKeyframesFromFloats, input 'floats_strength': expected numbers, got {FloatsStrength.GetType().Name}. Connect a node that gives a list of floats."
            ),
        };
}
