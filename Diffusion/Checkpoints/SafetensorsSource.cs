using NodeHost.Tensors;
using NodeHost.Tensors.Safetensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>The weights of a safetensors file, mapped.</summary>
public sealed class SafetensorsSource : IWeightFile
{
    private readonly SafetensorsFile _file;

    private SafetensorsSource(SafetensorsFile file)
    {
        _file = file;
        Entries = file.Entries.ToDictionary(
            entry => entry.Key,
            entry => new WeightInfo(entry.Value.DType, entry.Value.Shape.ToArray()),
            StringComparer.Ordinal
        );
    }

    public string Name => Path.GetFileName(_file.Path);

    public IReadOnlyDictionary<string, WeightInfo> Entries { get; }

    public static SafetensorsSource Open(string path) => new(SafetensorsFile.Open(path));

    /// <summary>As stored, but float8 decoded to float16, which holds each of its values exactly.</summary>
    public Tensor Read(string key) =>
        Entries[key].DType is DType.Float8E4M3 or DType.Float8E5M2 ? _file.Load(key, DType.Float16) : _file.Load(key);

    public void Forget(string key) => _file.Forget(key);

    public void Dispose() => _file.Dispose();
}
