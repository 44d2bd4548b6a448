using NodeHost.Diffusion.Conditions;
using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Conditions;

/// <summary>Weighs a prompt by a mask.</summary>
[Node("ConditioningSetMask", Category = "conditioning", DisplayName = "Conditioning (Set Mask)")]
public sealed class ConditioningSetMask : INode<Conditioning>
{
    [Input]
    public required Conditioning Conditioning { get; init; }

    [Input]
    public required Mask Mask { get; init; }

    [Number(0.0, 10.0, Step = 0.01)]
    public double Strength { get; init; } = 1.0;

    [Choice("default", "mask bounds")]
    public string SetCondArea { get; init; } = "default";

    public Conditioning Execute(NodeContext context) =>
        Conditioning.Select(entry =>
            entry with
            {
                Mask = Mask.Values,
                SetAreaToBounds = SetCondArea != "default",
                MaskStrength = Strength,
            }
        );
}
