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
}
