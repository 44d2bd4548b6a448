using NodeHost.Tensors;

namespace NodeHost.Diffusion.Sampling.Noise;

/// <summary>The noise a run starts from: drawn on the CPU, so that every device gives the same picture.</summary>
public static class InitialNoise
{
    /// <summary>Noise for a latent of this shape [B, ...].</summary>
    /// <param name="shape">Shape of the latent.</param>
    /// <param name="seed">Seed of the sequence.</param>
    /// <param name="batchIndex">Which draw of the sequence each sample takes; null = one draw for the whole batch.</param>
    public static Tensor Prepare(ReadOnlySpan<long> shape, ulong seed, IReadOnlyList<long>? batchIndex = null)
    {
        using var generator = new Generator(seed);
        if (batchIndex is null || batchIndex.Count == 0)
        {
            return Tensor.Randn(shape, generator);
        }

        using var scope = new TensorScope();
        long[] single = [1, .. shape[1..]];
        var draws = new Dictionary<long, Tensor>();
        for (long index = 0; index <= batchIndex.Max(); index++)
        {
            var draw = Tensor.Randn(single, generator);
            if (batchIndex.Contains(index))
            {
                draws.Add(index, draw);
            }
            else
            {
                draw.Dispose();
            }
        }
        return scope.Keep(Tensor.Concat([.. batchIndex.Select(index => draws[index])], 0));
    }
}
