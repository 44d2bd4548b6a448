using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>Weights of given shapes with random numbers, scaled so that values keep their size from layer to layer.</summary>
internal sealed class RandomSource(ShapePlan plan) : IWeightSource
{
    private const long PoolSize = 1 << 20;

    public string Name => "random weights";

    public IReadOnlyDictionary<string, WeightInfo> Entries => plan.Entries;

    public Tensor Read(string key)
    {
        using var scope = new TensorScope();
        var shape = Entries[key].Shape.ToArray();
        if (shape.Length == 1)
        {
            var isBias = key.EndsWith(".bias", StringComparison.Ordinal);
            return scope.Keep(isBias ? Tensor.Zeros(shape) : Tensor.Ones(shape));
        }
        // One pool of numbers over and over: drawing a billion would take longer than what is measured.
        using var generator = new Generator(1);
        var count = shape.Aggregate(1L, (a, b) => a * b);
        var pool = Tensor.Randn([Math.Min(count, PoolSize)], generator) * (1 / Math.Sqrt(count / (double)shape[0]));
        var repeated = pool.Repeat((count + PoolSize - 1) / PoolSize).Slice(0, 0, count);
        return scope.Keep(repeated.Reshape(shape));
    }
}
