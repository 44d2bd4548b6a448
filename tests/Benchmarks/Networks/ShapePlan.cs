using NodeHost.Diffusion.Checkpoints;
using NodeHost.Tensors;

namespace NodeHost.Benchmarks.Networks;

/// <summary>The weights of a network by name and shape, and the floating-point operations of one forward pass.</summary>
internal class ShapePlan
{
    private readonly Dictionary<string, WeightInfo> _entries = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, WeightInfo> Entries => _entries;

    /// <summary>Multiplications and additions in products of matrices, convolutions and attention.</summary>
    public double Operations { get; private set; }

    public long ParameterCount => _entries.Values.Sum(info => info.Shape.Aggregate(1L, (a, b) => a * b));

    /// <summary>A linear layer or convolution (kernel 1 or 3) applied at so many positions.</summary>
    protected void Layer(string name, long outputs, long inputs, double positions, int kernel = 0, bool bias = true)
    {
        Add($"{name}.weight", kernel == 0 ? [outputs, inputs] : [outputs, inputs, kernel, kernel]);
        if (bias)
        {
            Add($"{name}.bias", [outputs]);
        }
        Operations += 2.0 * outputs * inputs * Math.Max(1, kernel * kernel) * positions;
    }

    protected void Norm(string name, long width)
    {
        Add($"{name}.weight", [width]);
        Add($"{name}.bias", [width]);
    }

    protected void Add(string name, long[] shape) => _entries.Add(name, new WeightInfo(DType.Float32, shape));

    /// <summary>Scores and weighted sum of attention between so many queries and keys.</summary>
    protected void Attention(double batch, long queries, long keys, long width) =>
        Operations += 4.0 * batch * queries * keys * width;
}
