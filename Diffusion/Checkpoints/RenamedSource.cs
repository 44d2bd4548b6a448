using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A file whose keys are written in another scheme than the networks ask for.</summary>
public sealed class RenamedSource : IWeightSource
{
    private readonly IWeightSource _source;
    private readonly Dictionary<string, string> _original;

    /// <param name="source">The file.</param>
    /// <param name="rename">The name the networks use for a key of the file.</param>
    public RenamedSource(IWeightSource source, Func<string, string> rename)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _original = source.Entries.Keys.ToDictionary(rename, key => key, StringComparer.Ordinal);
        Entries = _original.ToDictionary(pair => pair.Key, pair => source.Entries[pair.Value], StringComparer.Ordinal);
    }

    public string Name => _source.Name;

    public IReadOnlyDictionary<string, WeightInfo> Entries { get; }

    public Tensor Read(string key) => _source.Read(_original[key]);

    public IEnumerable<string> OriginsOf(string key) => _source.OriginsOf(_original[key]);

    public void Forget(string key) => _source.Forget(_original[key]);
}
