using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>
/// The un-merged updates in force during one forward pass. Linear layers and convolutions ask for theirs by the name of
/// their weight; a network's Forward knows nothing of it.
/// </summary>
internal sealed class LayerUpdates(IReadOnlyList<(UnmergedAdapter Adapter, double Strength)> adapters)
{
    [ThreadStatic]
    private static LayerUpdates? _current;

    /// <summary>Puts these updates in force on this thread until the returned guard is disposed.</summary>
    public IDisposable Activate()
    {
        var previous = _current;
        _current = this;
        return new Guard(previous);
    }

    /// <summary>The output of a linear layer with its updates added, in place.</summary>
    public static Tensor AddLinear(string weight, Tensor x, Tensor output)
    {
        if (_current is { } active)
        {
            foreach (var (update, strength) in active.For(weight))
            {
                update.AddLinear(x, output, strength);
            }
        }
        return output;
    }

    /// <summary>The output of a convolution with its updates added, in place.</summary>
    public static Tensor AddConvolution(string weight, Tensor x, Tensor output, long stride, long padding)
    {
        if (_current is { } active)
        {
            foreach (var (update, strength) in active.For(weight))
            {
                update.AddConvolution(x, output, strength, stride, padding);
            }
        }
        return output;
    }

    private IEnumerable<(ILayerUpdate Update, double Strength)> For(string weight) =>
        adapters.SelectMany(active => active.Adapter.For(weight).Select(update => (update, active.Strength)));

    private sealed class Guard(LayerUpdates? previous) : IDisposable
    {
        public void Dispose() => _current = previous;
    }
}
