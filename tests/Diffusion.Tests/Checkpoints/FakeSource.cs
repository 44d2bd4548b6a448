using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Checkpoints;

/// <summary>Small tensors held in memory, and networks' random ones.</summary>
internal sealed class FakeSource(string name) : IWeightSource, IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    public string Name => name;

    public IReadOnlyDictionary<string, WeightInfo> Entries =>
        _tensors.ToDictionary(pair => pair.Key, pair => new WeightInfo(pair.Value.DType, pair.Value.Shape.ToArray()));

    public FakeSource Add(string key, Tensor tensor)
    {
        _tensors[key] = tensor.Retain();
        return this;
    }

    public Tensor Read(string key) => _tensors[key].Alias();

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.Release();
        }
    }
}
