using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Conditions;

/// <summary>Sets a prompt's weight against others.</summary>
[Node("ConditioningSetAreaStrength", Category = "conditioning")]
public sealed class ConditioningSetAreaStrength : INode<Conditioning>
{
    [Input]
    public required Conditioning Conditioning { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double Strength { get; init; } = 1.0;

    public Conditioning Execute(NodeContext context) =>
        Conditioning.Select(entry => entry with { Strength = Strength });
}
