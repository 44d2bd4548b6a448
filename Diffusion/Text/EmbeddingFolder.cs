using System.Collections.Concurrent;
using NodeHost.Diffusion.Checkpoints;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Tensors;

namespace NodeHost.Diffusion.Text;

/// <summary>Textual inversions found as files in folders; each is read once and kept until disposed.</summary>
public sealed class EmbeddingFolder(IEnumerable<string> folders) : IDisposable
{
    private static readonly string[] Extensions = ["", ".safetensors", ".pt", ".bin"];

    private readonly string[] _folders = [.. folders];
    private readonly ConcurrentDictionary<
        (string Path, string Key, long Width, DateTime Written),
        PromptEmbedding?
    > _loaded = new();

    /// <summary>The embeddings as one encoder sees them.</summary>
    /// <param name="key">The encoder's key in files that serve several: <c>clip_l</c>, <c>clip_g</c>, <c>t5xxl</c>.</param>
    /// <param name="width">Width of the encoder's token vectors; embeddings of another width are for other encoders.</param>
    public IPromptEmbeddings For(string key, long width) => new View(this, key, width);

    public void Dispose()
    {
        foreach (var embedding in _loaded.Values)
        {
            embedding?.Vectors.Dispose();
        }
        _loaded.Clear();
    }

    private PromptEmbedding? Find(string name, string key, long width)
    {
        if (Locate(name) is not { } path)
        {
            return null;
        }
        return _loaded.GetOrAdd(
            (path, key, width, File.GetLastWriteTimeUtc(path)),
            id => Load(name, id.Path, key, width)
        );
    }

    private string? Locate(string name)
    {
        foreach (var folder in _folders)
        {
            var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
            foreach (var extension in Extensions)
            {
                var path = Path.GetFullPath(Path.Combine(root, name + extension));
                // A prompt comes from anyone: names stay inside the folder.
                if (path.StartsWith(root, StringComparison.Ordinal) && File.Exists(path))
                {
                    return path;
                }
            }
        }
        return null;
    }

    private static PromptEmbedding? Load(string name, string path, string key, long width)
    {
        using var source = WeightFiles.Open(path);
        var keys = EmbeddingLayout.Find(source, key, width);
        if (keys.Count == 0)
        {
            return null;
        }
        using var untracked = TensorScope.Suspend();
        using var scope = new TensorScope();
        var vectors = keys.Select(found => source.Read(found).To(DType.Float32).Reshape(-1, width)).ToArray();
        return new PromptEmbedding(name, scope.Keep(Tensor.Concat(vectors, 0)));
    }

    private sealed class View(EmbeddingFolder owner, string key, long width) : IPromptEmbeddings
    {
        public IPromptEmbedding? Find(string name) => owner.Find(name, key, width);
    }
}
