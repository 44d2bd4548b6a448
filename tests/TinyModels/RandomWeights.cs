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
