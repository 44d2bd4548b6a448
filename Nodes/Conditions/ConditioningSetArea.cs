using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;

namespace NodeHost.Nodes.Conditions;

/// <summary>Limits a prompt to a rectangle of the picture.</summary>
[Node("ConditioningSetArea", Category = "conditioning", DisplayName = "Conditioning (Set Area)")]
public sealed class ConditioningSetArea : INode<Conditioning>
{
    [Input]
    public required Conditioning Conditioning { get; init; }

    [Number(64, 16384, Step = 8)]
    public int Width { get; init; } = 64;

    [Number(64, 16384, Step = 8)]
    public int Height { get; init; } = 64;

    [Number(0, 16384, Step = 8)]
    public int X { get; init; }

    [Number(0, 16384, Step = 8)]
    public int Y { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double Strength { get; init; } = 1.0;

    public Conditioning Execute(NodeContext context) =>
        Conditioning.Select(entry =>
            entry with
            {
                Area = new ConditioningArea(
                    Height / LatentPixel,
                    Width / LatentPixel,
                    Y / LatentPixel,
                    X / LatentPixel
                ),
                Strength = Strength,
                SetAreaToBounds = false,
            }
        );

    private const int LatentPixel = 8;
}
