using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Tests.Diffusion.Networks;

/// <summary>Weights held in memory, small random numbers unless given.</summary>
internal sealed class RandomWeights : IWeightSource, IDisposable
{
    private const double Deviation = 0.05;

    private RandomWeights(Dictionary<string, Tensor> tensors)
    {
        Tensors = tensors;
        Entries = tensors.ToDictionary(
            pair => pair.Key,
            pair => new WeightInfo(pair.Value.DType, pair.Value.Shape.ToArray())
        );
    }

    public string Name => "random";

    public Dictionary<string, Tensor> Tensors { get; }

    public IReadOnlyDictionary<string, WeightInfo> Entries { get; }

    /// <summary>The same numbers for the same shapes.</summary>
    public static RandomWeights Of(IReadOnlyDictionary<string, long[]> shapes)
    {
        using var untracked = TensorScope.Suspend();
        using var generator = new Generator(0);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (key, shape) in shapes)
        {
            tensors[key] = Tensor.Randn(shape, generator).MultiplyInPlace(Deviation);
        }
        return new(tensors);
    }

    /// <summary>Numbers of a size that keeps what passes through, so that every layer matters: norms near 1, small biases.</summary>
    public static RandomWeights Lively(IReadOnlyDictionary<string, long[]> shapes)
    {
        using var untracked = TensorScope.Suspend();
        using var generator = new Generator(0);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (key, shape) in shapes)
        {
            using var scope = new TensorScope();
            var values = Tensor.Randn(shape, generator);
            var inputs = shape.Skip(1).Aggregate(1L, (product, length) => product * length);
            var isFactor = shape.Length == 1 && !key.EndsWith(".bias", StringComparison.Ordinal);
            tensors[key] = scope.Keep(
                shape.Length == 1 ? (values * 0.1) + (isFactor ? 1 : 0) : values / Math.Sqrt(inputs)
            );
        }
        return new(tensors);
    }

    /// <summary>Takes over the tensors.</summary>
    public static RandomWeights Holding(Dictionary<string, Tensor> tensors) => new(tensors);

    public Tensor Read(string key) => Tensors[key].Alias();

    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
