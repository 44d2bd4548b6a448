using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Values;

namespace NodeHost.Nodes.Latents;

/// <summary>Takes some samples out of a batch; they keep their noise.</summary>
[Node("LatentFromBatch", Category = "latent/batch", DisplayName = "Latent From Batch")]
public sealed class LatentFromBatch : INode<Latent>
{
    [Input]
    public required Latent Samples { get; init; }

    [Number(0, 63)]
    public int BatchIndex { get; init; }

    [Number(1, 64)]
    public int Length { get; init; } = 1;

    public Latent Execute(NodeContext context)
    {
        var count = Samples.Samples.Length(0);
        var start = (int)Math.Min(count - 1, BatchIndex);
        var length = (int)Math.Min(count - start, Length);
        var masks = LatentMasks.BatchForSamples(Samples);
        return new Latent(Samples.Samples.Slice(0, start, start + length).Clone())
        {
            NoiseMask = masks is null || masks.Length(0) == 1 ? masks : masks.Slice(0, start, start + length).Clone(),
            BatchIndex = Samples.BatchIndex is { } indices
                ? [.. indices.Skip(start).Take(length)]
                : [.. Enumerable.Range(start, length).Select(index => (long)index)],
        };
    }
}
