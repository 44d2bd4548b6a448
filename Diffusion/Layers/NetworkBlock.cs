using NodeHost.Diffusion.Attention;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Layers;

/// <summary>The border between a network's blocks: intermediates are freed there, and a cancelled pass stops there.</summary>
internal static class NetworkBlock
{
    /// <summary>Runs one block and keeps its result.</summary>
    public static Tensor Run(Func<Tensor> forward)
    {
        AttentionHooks.ThrowIfCancelled();
        using var scope = new TensorScope();
        return scope.Keep(forward());
    }

    /// <summary>Runs blocks one after the other; what a block was given is freed as soon as it is done with it.</summary>
    public static Tensor Chain(Tensor x, IEnumerable<Func<Tensor, Tensor>> blocks)
    {
        var hidden = x;
        foreach (var block in blocks)
        {
            var given = hidden;
            hidden = Run(() => block(given));
            if (given != x && given != hidden)
            {
                given.Dispose();
            }
        }
        return hidden;
    }

    /// <summary>As <see cref="Chain(Tensor, IEnumerable{Func{Tensor, Tensor}})"/>, with two sequences side by side.</summary>
    public static (Tensor First, Tensor Second) Chain(
        (Tensor First, Tensor Second) pair,
        IEnumerable<Func<(Tensor, Tensor), (Tensor, Tensor)>> blocks
    )
    {
        var hidden = pair;
        foreach (var block in blocks)
        {
            AttentionHooks.ThrowIfCancelled();
            var given = hidden;
            using (var scope = new TensorScope())
            {
                var (first, second) = block(given);
                hidden = (scope.Keep(first), scope.Keep(second));
            }
            if (given != pair)
            {
                given.First.Dispose();
                given.Second.Dispose();
            }
        }
        return hidden;
    }
}
