using NodeHost.Diffusion.Networks.T5;
using NodeHost.Tensors;
using NodeHost.Tensors.Gguf;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>The weights of a GGUF file, decoded when they are read; a T5's have the names of transformers.</summary>
public sealed class GgufSource : IWeightFile
{
    private readonly GgufFile _file;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeightInfo> _entries = new(StringComparer.Ordinal);

    private GgufSource(GgufFile file)
    {
        _file = file;
        foreach (var (name, entry) in file.Entries)
        {
            var key = T5GgufNames.ToTransformers(name) ?? name;
            _names[key] = name;
            _entries[key] = new WeightInfo(entry.DType, entry.Shape);
        }
    }

    public string Name => Path.GetFileName(_file.Path);

    public IReadOnlyDictionary<string, WeightInfo> Entries => _entries;

    public static GgufSource Open(string path) => new(GgufFile.Open(path));

    public Tensor Read(string key) => _file.Load(_names[key]);

    public void Forget(string key) => _file.Forget(_names[key]);

    public void Dispose() => _file.Dispose();
}
