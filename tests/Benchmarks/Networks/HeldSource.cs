using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>Random weights where they are computed with, shared by all that read them.</summary>
internal sealed class HeldSource : IWeightSource, IDisposable
{
    private readonly Dictionary<string, Tensor> _tensors = new(StringComparer.Ordinal);

    public HeldSource(ShapePlan plan, ComputePlace place)
    {
        var source = new RandomSource(plan);
        using var untracked = TensorScope.Suspend();
        foreach (var key in plan.Entries.Keys)
        {
            using var drawn = source.Read(key);
            _tensors.Add(key, place.Take(drawn));
        }
        Entries = _tensors.ToDictionary(
            pair => pair.Key,
            pair => new WeightInfo(pair.Value.DType, pair.Value.Shape.ToArray()),
            StringComparer.Ordinal
        );
    }

    public string Name => "random weights";

    public IReadOnlyDictionary<string, WeightInfo> Entries { get; }

    public IReadOnlyDictionary<string, Tensor> Tensors => _tensors;

    public Tensor Read(string key) => _tensors[key].Alias();

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
        _tensors.Clear();
    }
}
