using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Gives every sample of a batch the same noise, or each its own again.</summary>
[Node(
    "LatentBatchSeedBehavior",
    Category = "latent/advanced",
    Module = "comfy_extras.nodes_latent",
    Schema = NodeSchema.V3
)]
public sealed class LatentBatchSeedBehavior : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Choice("random", "fixed")]
    public string SeedBehavior { get; init; } = "fixed";

    public Latent Execute(NodeContext context)
    {
        if (SeedBehavior == "random")
        {
            return Samples with { BatchIndex = null };
        }
        var index = Samples.BatchIndex is [var first, ..] ? first : 0;
        return Samples with { BatchIndex = [.. Enumerable.Repeat(index, (int)Samples.Samples.Length(0))] };
    }
}
