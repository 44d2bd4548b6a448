using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Repeats a batch, each repetition with noise of its own.</summary>
[Node("RepeatLatentBatch", Category = "latent/batch", DisplayName = "Repeat Latent Batch")]
public sealed class RepeatLatentBatch : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Number(1, 64)]
    public int Amount { get; init; } = 1;

    public Latent Execute(NodeContext context)
    {
        var masks = LatentMasks.BatchForSamples(Samples);
        return Samples with
        {
            Samples = Samples.Samples.Repeat(Amount, 1, 1, 1),
            NoiseMask = masks is not null && masks.Length(0) > 1 ? masks.Repeat(Amount, 1, 1, 1) : Samples.NoiseMask,
            BatchIndex = Samples.BatchIndex is { } indices ? Continue(indices) : null,
        };
    }

    private long[] Continue(IReadOnlyList<long> indices)
    {
        var offset = indices.Max() - indices.Min() + 1;
        return [.. Enumerable.Range(0, Amount).SelectMany(round => indices.Select(index => index + round * offset))];
    }
}
