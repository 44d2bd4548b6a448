using NodeHost.Tensors;

namespace NodeHost.Diffusion.Lora;

/// <summary>Some tensors of an adapter, in memory until disposed.</summary>
internal sealed class HeldTensors : ILoraTensors, IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    /// <param name="source">The adapter.</param>
    /// <param name="keys">Which of its tensors.</param>
    /// <param name="device">Where they are kept.</param>
    public HeldTensors(ILoraTensors source, IEnumerable<string> keys, Device device)
    {
        Path = source.Path;
        foreach (var key in keys)
        {
            // A handle of its own, which lives longer than any scope.
            _tensors[key] = source.Load(key).To(device).Alias().Retain();
        }
    }

    public string Path { get; }

    public Tensor Load(string key) => _tensors[key].Alias();

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
        _tensors.Clear();
    }
}
