using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Hooks;

/// <summary>A part of the run, and the parts before and after it.</summary>
[Node(
    "ConditioningTimestepsRange",
    Category = "advanced/hooks",
    DisplayName = "Timesteps Range",
    Module = HookNode.Module,
    Experimental = true
)]
[Output(0, Name = "TIMESTEPS_RANGE")]
[Output(1, Name = "BEFORE_RANGE")]
[Output(2, Name = "AFTER_RANGE")]
public sealed class ConditioningTimestepsRange
    : INode<(TimestepsRange Range, TimestepsRange Before, TimestepsRange After)>
{
    [Number(0.0, 1.0, Step = 0.001)]
    public double StartPercent { get; init; }

    [Number(0.0, 1.0, Step = 0.001)]
    public double EndPercent { get; init; } = 1.0;

    public (TimestepsRange Range, TimestepsRange Before, TimestepsRange After) Execute(NodeContext context) =>
        (new(StartPercent, EndPercent), new(0, StartPercent), new(EndPercent, 1));
}
