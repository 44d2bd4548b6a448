using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>The weights of a network by name and shape, and the floating-point operations of one forward pass.</summary>
internal class ShapePlan
{
    private readonly Dictionary<string, WeightInfo> _entries = new(StringComparer.Ordinal);

    private readonly List<PlannedWork> _work = [];

    public IReadOnlyDictionary<string, WeightInfo> Entries => _entries;

    /// <summary>Multiplications and additions in products of matrices, convolutions and attention.</summary>
    public double Operations => _work.Sum(work => work.Operations);

    /// <summary>Products of matrices, convolutions and attention, in the order of the network.</summary>
    public IReadOnlyList<PlannedWork> Work => _work;

    public long ParameterCount => _entries.Values.Sum(info => info.Shape.Aggregate(1L, (a, b) => a * b));

    /// <summary>A linear layer or convolution (kernel 1 or 3) applied at so many positions.</summary>
    protected void Layer(string name, long outputs, long inputs, double positions, int kernel = 0, bool bias = true)
    {
        Add($"{name}.weight", kernel == 0 ? [outputs, inputs] : [outputs, inputs, kernel, kernel]);
        if (bias)
        {
            Add($"{name}.bias", [outputs]);
        }
        _work.Add(new PlannedWork(kernel == 3 ? WorkKind.Convolution : WorkKind.Linear, outputs, inputs, positions));
    }

    protected void Norm(string name, long width)
    {
        Add($"{name}.weight", [width]);
        Add($"{name}.bias", [width]);
    }

    protected void Add(string name, long[] shape) => _entries.Add(name, new WeightInfo(DType.Float32, shape));

    /// <summary>Scores and weighted sum of attention between so many queries and keys.</summary>
    protected void Attention(double batch, long queries, long keys, long width) =>
        _work.Add(new PlannedWork(WorkKind.Attention, keys, width, batch * queries));
}
