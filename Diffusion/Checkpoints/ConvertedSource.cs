using NodeHost.Tensors;

namespace NodeHost.Diffusion.Checkpoints;

/// <summary>A file of another layout under the names the networks ask for: keys renamed, fused weights cut, matrices turned.</summary>
/// <param name="source">The file.</param>
internal sealed class ConvertedSource(IWeightSource source) : IWeightSource
{
    private readonly Dictionary<string, View> _views = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeightInfo> _entries = new(StringComparer.Ordinal);

    public string Name => source.Name;

    public IReadOnlyDictionary<string, WeightInfo> Entries => _entries;

    public Tensor Read(string key)
    {
        var view = _views[key];
        using var scope = new TensorScope();
        return scope.Keep(view.Cut(source.Read(view.Key)));
    }

    public IEnumerable<string> OriginsOf(string key) => source.OriginsOf(_views[key].Key);

    public void Forget(string key) => source.Forget(_views[key].Key);

    /// <summary>A weight under another name; nothing where the file lacks it.</summary>
    public void Add(string name, string key)
    {
        if (source.Entries.TryGetValue(key, out var info))
        {
            Add(name, info, new View(key, stored => stored));
        }
    }

    /// <summary>Rows of a fused weight.</summary>
    public void AddRows(string name, string key, long start, long length)
    {
        if (source.Entries.TryGetValue(key, out var info))
        {
            Add(
                name,
                info with
                {
                    Shape = [length, .. info.Shape.Skip(1)],
                },
                new View(key, stored => stored.Slice(0, start, start + length))
            );
        }
    }

    /// <summary>A matrix that the file holds with rows and columns exchanged.</summary>
    public void AddTransposed(string name, string key)
    {
        if (source.Entries.TryGetValue(key, out var info))
        {
            Add(
                name,
                info with
                {
                    Shape = [.. info.Shape.Reverse()],
                },
                new View(key, stored => stored.Transpose(0, 1).Contiguous())
            );
        }
    }

    /// <summary>A matrix that stands for a 1x1 convolution, or its bias.</summary>
    public void AddAsConvolution(string name, string key)
    {
        if (source.Entries.TryGetValue(key, out var info))
        {
            long[] shape = info.Shape.Count == 2 ? [.. info.Shape, 1, 1] : [.. info.Shape];
            Add(name, info with { Shape = shape }, new View(key, stored => stored.Reshape(shape)));
        }
    }

    private void Add(string name, WeightInfo info, View view)
    {
        _views[name] = view;
        _entries[name] = info;
    }

    private sealed record View(string Key, Func<Tensor, Tensor> Cut);
}
