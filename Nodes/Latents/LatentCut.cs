using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Takes a range along one axis, in latent elements; negative indices count from the end.</summary>
[Node("LatentCut", Category = "latent/advanced", Module = "comfy_extras.nodes_latent", Schema = NodeSchema.V3)]
public sealed class LatentCut : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Choice("x", "y", "t")]
    public string Dim { get; init; } = "x";

    [Number(-16384, 16384, Step = 1)]
    public int Index { get; init; }

    [Number(1, 16384, Step = 1)]
    public int Amount { get; init; } = 1;

    public Latent Execute(NodeContext context)
    {
        var dimension = LatentAxis.Dimension(Dim);
        var length = Samples.Samples.Length(dimension);
        var start = Index >= 0 ? Math.Min(Index, length - 1) : Math.Max(0, length + Index);
        var amount = Math.Min(length - start, Amount);
        return Samples with { Samples = Samples.Samples.Slice(dimension, start, start + amount) };
    }
}
