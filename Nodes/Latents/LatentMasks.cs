using NodeHost.Images.Operations;
using NodeHost.Nodes.Values;
using NodeHost.Tensors;

namespace NodeHost.Nodes.Latents;

/// <summary>Noise masks of latents as batches.</summary>
internal static class LatentMasks
{
    /// <summary>The noise mask as [N, 1, H, W]; null where the latent has none.</summary>
    public static Tensor? Batch(Latent latent) =>
        latent.NoiseMask is { } mask ? mask.Reshape(-1, 1, mask.Length(-2), mask.Length(-1)) : null;

    /// <summary>As <see cref="Batch"/>, with at least one mask for each sample unless there is a single one for all.</summary>
    public static Tensor? BatchForSamples(Latent latent)
    {
        var masks = Batch(latent);
        var count = latent.Samples.Length(0);
        return masks is not null && masks.Length(0) > 1 && masks.Length(0) < count
            ? BatchSize.RepeatTo(masks, count)
            : masks;
    }

    /// <summary>Which noise each sample takes; 0, 1, 2, ... where nothing says otherwise.</summary>
    public static IReadOnlyList<long> BatchIndexOf(Latent latent, long offset = 0) =>
        latent.BatchIndex ?? [.. Enumerable.Range(0, (int)latent.Samples.Length(0)).Select(index => index + offset)];
}
