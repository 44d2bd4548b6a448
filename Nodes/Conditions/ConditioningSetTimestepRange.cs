using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Conditions;

/// <summary>Limits a prompt to a part of the run.</summary>
[Node("ConditioningSetTimestepRange", Category = "advanced/conditioning")]
public sealed class ConditioningSetTimestepRange : INode<Conditioning>
{
    [Input]
    public required Conditioning Conditioning { get; init; }

    [Number(0.0, 1.0, Step = 0.001)]
    public double Start { get; init; }

    [Number(0.0, 1.0, Step = 0.001)]
    public double End { get; init; } = 1.0;

    public Conditioning Execute(NodeContext context) =>
        Conditioning.Select(entry => entry with { StartPercent = Start, EndPercent = End });
}
