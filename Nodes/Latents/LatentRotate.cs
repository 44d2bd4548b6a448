using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Turns latents clockwise.</summary>
[Node("LatentRotate", Category = "latent/transform", DisplayName = "Rotate Latent")]
public sealed class LatentRotate : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Choice("none", "90 degrees", "180 degrees", "270 degrees")]
    public string Rotation { get; init; } = "none";

    public Latent Execute(NodeContext context)
    {
        var turns = Rotation switch
        {
            "90 degrees" => 1,
            "180 degrees" => 2,
            "270 degrees" => 3,
            _ => 0,
        };
        return Samples with { Samples = Samples.Samples.Rot90(turns, [3, 2]) };
    }
}
