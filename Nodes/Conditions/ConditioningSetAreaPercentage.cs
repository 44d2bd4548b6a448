using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Conditions;

/// <summary>Limits a prompt to a rectangle given in fractions of the picture.</summary>
[Node(
    "ConditioningSetAreaPercentage",
    Category = "conditioning",
    DisplayName = "Conditioning (Set Area with Percentage)"
)]
public sealed class ConditioningSetAreaPercentage : INode<Conditioning>
{
    [Input]
    public required Conditioning Conditioning { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Width { get; init; } = 1.0;

    [Number(0.0, 1.0, Step = 0.01)]
    public double Height { get; init; } = 1.0;

    [Number(0.0, 1.0, Step = 0.01)]
    public double X { get; init; }

    [Number(0.0, 1.0, Step = 0.01)]
    public double Y { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double Strength { get; init; } = 1.0;

    public Conditioning Execute(NodeContext context) =>
        Conditioning.Select(entry =>
            entry with
            {
                Area = new ConditioningArea(Height, Width, Y, X, IsFraction: true),
                Strength = Strength,
                SetAreaToBounds = false,
            }
        );
}
