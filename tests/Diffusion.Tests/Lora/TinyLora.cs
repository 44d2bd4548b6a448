using NodeHost.Diffusion.Lora;
using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Tests.Diffusion.Lora;

/// <summary>A LoRA of random numbers, as a file, and merged into weights by hand.</summary>
internal sealed class TinyLora
{
    private const int Rank = 3;

    private readonly IReadOnlyList<Layer> _layers;
    private readonly Dictionary<string, (float[] Up, float[] Down)> _values = [];

    /// <param name="path">Where the file goes.</param>
    /// <param name="layers">What it changes.</param>
    public TinyLora(string path, IReadOnlyList<Layer> layers)
    {
        _layers = layers;
        using var scope = new TensorScope();
        using var generator = new Generator(11);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var layer in layers)
        {
            var up = Tensor.Randn([layer.Rows, Rank, .. layer.Kernel.Select(_ => 1L)], generator) * 0.5;
            var down = Tensor.Randn([Rank, layer.Inputs, .. layer.Kernel], generator) / Math.Sqrt(layer.Inputs);
            tensors[$"{layer.Name}.lora_up.weight"] = up;
            tensors[$"{layer.Name}.lora_down.weight"] = down;
            tensors[$"{layer.Name}.alpha"] = Tensor.FromScalar(layer.Alpha);
            _values[layer.Name] = (up.ToArray<float>(), down.ToArray<float>());
        }
        SafetensorsWriter.Save(path, tensors);
        File = LoraFile.Open(path);
    }

    public LoraFile File { get; }

    /// <summary>Copies of the weights with <c>W += strength * factor * alpha / rank * up down</c>, summed number by number.</summary>
    public Dictionary<string, Tensor> MergeInto(
        IReadOnlyDictionary<string, Tensor> weights,
        double strength,
        Func<string, double> factorOf
    )
    {
        var merged = weights.ToDictionary(pair => pair.Key, pair => pair.Value.Clone());
        foreach (var layer in _layers)
        {
            var (up, down) = _values[layer.Name];
            var shape = weights[layer.Weight].Shape.ToArray();
            var values = weights[layer.Weight].ToArray<float>();
            using (var former = merged[layer.Weight])
            {
                values = former.ToArray<float>();
            }
            var columns = values.Length / shape[0];
            var factor = strength * factorOf(layer.Weight) * layer.Alpha / Rank;
            for (var row = 0; row < layer.Rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    var sum = 0.0;
                    for (var rank = 0; rank < Rank; rank++)
                    {
                        sum += up[(row * Rank) + rank] * (double)down[(rank * columns) + column];
                    }
                    values[((row + layer.FirstRow) * columns) + column] += (float)(factor * sum);
                }
            }
            merged[layer.Weight] = Tensor.From(values, shape);
        }
        return merged;
    }

    /// <param name="Name">What the file calls it.</param>
    /// <param name="Weight">The weight.</param>
    /// <param name="Rows">How many of its rows it changes.</param>
    /// <param name="Inputs">Columns, or channels that enter a convolution.</param>
    internal sealed record Layer(string Name, string Weight, long Rows, long Inputs)
    {
        public int FirstRow { get; init; }

        public double Alpha { get; init; } = Rank;

        /// <summary>Size of a convolution's kernel; empty for linear layers.</summary>
        public IReadOnlyList<long> Kernel { get; init; } = [];
    }
}
