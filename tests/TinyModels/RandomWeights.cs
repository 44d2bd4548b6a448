using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.TinyModels;

/// <summary>Random weights in half precision for the keys of a template.</summary>
internal static class RandomWeights
{
    private const ulong Seed = 20261121;

    public static string Save(string templatePath, string outputPath, ShapeChanges changes)
    {
        using var template = SafetensorsFile.Open(templatePath);
        using var generator = new Generator(Seed);
        using var scope = new TensorScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (
            var entry in template.Entries.Values.Where(entry => entry.Key.Contains('.') && entry.DType != DType.Int64)
        )
        {
            var shape = changes.Apply(entry.Key, entry.Shape);
            // Where a stage keeps its width there is no shortcut to learn.
            if (
                !(
                    entry.Key.Contains(".nin_shortcut.", StringComparison.Ordinal)
                    && IsSquare(entry.Key, template, changes)
                )
            )
            {
                tensors[entry.Key] = Invent(entry.Key, shape, generator).To(DType.Float16);
            }
        }
        return Save(outputPath, tensors);
    }

    /// <summary>Weights of the given shapes; float8 is rounded and written byte by byte.</summary>
    public static string Save(string path, IReadOnlyDictionary<string, long[]> shapes, DType float8)
    {
        using var generator = new Generator(Seed);
        var entries = shapes.Select(shape => new SafetensorsEntry(shape.Key, float8, shape.Value));
        using var writer = new SafetensorsWriter(path, entries);
        var codes = Enumerable
            .Range(0, 256)
            .Where(code => code != 0x80)
            .Select(code => (Value: Float8.Decode((byte)code, float8), Code: (byte)code))
            .Where(code => !float.IsNaN(code.Value))
            .ToDictionary(code => code.Value, code => code.Code);
        foreach (var (key, shape) in shapes)
        {
            using var scope = new TensorScope();
            var rounded = Float8.Round(Invent(key, shape, generator), float8);
            byte[] bytes = [.. rounded.ToArray<float>().Select(value => codes[value == 0 ? 0 : value])];
            writer.Write(key, Tensor.From(bytes, shape));
        }
        writer.Complete();
        return $"{path}: {shapes.Count} tensors, {new FileInfo(path).Length / 1e6:0.00} MB";
    }

    public static string Save(string path, IReadOnlyDictionary<string, Tensor> tensors)
    {
        SafetensorsWriter.Save(path, tensors);
        return $"{path}: {tensors.Count} tensors, {tensors.Values.Sum(tensor => tensor.ByteCount) / 1e6:0.00} MB";
    }

    // Norms start as the identity; the rest keeps the size of what passes through, so that pictures have contrast.
    private static Tensor Invent(string key, long[] shape, Generator generator)
    {
        if (shape.Length == 1)
        {
            var isFactor =
                key.EndsWith(".weight", StringComparison.Ordinal) || key.EndsWith(".scale", StringComparison.Ordinal);
            return Tensor.Randn(shape, generator) * 0.02 + (isFactor ? 1.0 : 0.0);
        }
        var inputs = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        var isEmbedding =
            key.Contains("embedding", StringComparison.Ordinal)
            || key.EndsWith("shared.weight", StringComparison.Ordinal);
        return Tensor.Randn(shape, generator) * (isEmbedding ? 1.0 : 1.0 / Math.Sqrt(inputs));
    }

    private static bool IsSquare(string key, SafetensorsFile template, ShapeChanges changes)
    {
        var weight = key[..(key.LastIndexOf('.') + 1)] + "weight";
        var shape = changes.Apply(weight, template.Entries[weight].Shape);
        return shape[0] == shape[1];
    }
}
