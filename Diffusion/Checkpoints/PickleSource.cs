using NodeHost.Tensors;
using NodeHost.Tensors.Pickle;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>The weights of a file of torch.save, mapped; read as data, nothing in it runs.</summary>
public sealed class PickleSource : IWeightFile
{
    private readonly PickleFile _file;

    private PickleSource(PickleFile file)
    {
        _file = file;
        Entries = file.Entries.ToDictionary(
            entry => entry.Key,
            entry => new WeightInfo(entry.Value.DType, entry.Value.Shape),
            StringComparer.Ordinal
        );
    }

    public string Name => Path.GetFileName(_file.Path);

    public IReadOnlyDictionary<string, WeightInfo> Entries { get; }

    public static PickleSource Open(string path) => new(PickleFile.Open(path));

    public Tensor Read(string key) => _file.Load(key);

    public void Forget(string key) => _file.Forget(key);

    public void Dispose() => _file.Dispose();
}
