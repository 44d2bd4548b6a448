using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

// Makes a small checkpoint of random weights for tests: keys and shapes of a template, numbers of our own.
// usage: NodeHost.TinyModels TEMPLATE.safetensors OUT.safetensors [VOCABULARY-SIZE]
if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("usage: NodeHost.TinyModels TEMPLATE.safetensors OUT.safetensors [VOCABULARY-SIZE]");
    return 2;
}

long? vocabulary = args.Length == 3 ? long.Parse(args[2]) : null;
using var template = SafetensorsFile.Open(args[0]);
using var generator = new Generator(20261121);
using var scope = new TensorScope();

var tensors = new Dictionary<string, Tensor>();
foreach (var entry in template.Entries.Values.Where(entry => entry.Key.Contains('.') && entry.DType != DType.Int64))
{
    var shape = entry.Shape.ToArray();
    if (vocabulary is { } rows && entry.Key.EndsWith("token_embedding.weight", StringComparison.Ordinal))
    {
        shape[0] = rows;
    }
    tensors[entry.Key] = Invent(entry.Key, shape, generator).To(DType.Float16);
}
SafetensorsWriter.Save(args[1], tensors);
Console.WriteLine($"{args[1]}: {tensors.Count} tensors, {tensors.Values.Sum(tensor => tensor.ByteCount) / 1e6:0.0} MB");
return 0;

// Norms start as the identity; the rest keeps the size of what passes through, so that pictures have contrast.
static Tensor Invent(string key, long[] shape, Generator generator)
{
    if (shape.Length == 1)
    {
        var offset = key.EndsWith(".weight", StringComparison.Ordinal) ? 1.0 : 0.0;
        return Tensor.Randn(shape, generator) * 0.02 + offset;
    }
    var inputs = shape.Skip(1).Aggregate(1L, (product, size) => product * size);
    var scale = key.Contains("embedding", StringComparison.Ordinal) ? 1.0 : 1.0 / Math.Sqrt(inputs);
    return Tensor.Randn(shape, generator) * scale;
}
