using NodeHost.Diffusion.Checkpoints;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>Files opened (mapped, not read) and recognised once; a file that changed on disk is opened again.</summary>
internal sealed class CheckpointFiles : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, OpenFile> _files = new(StringComparer.Ordinal);

    /// <summary>Files that have changed on disk since: handles may still load from their old mapping.</summary>
    private readonly List<OpenFile> _replaced = [];

    public IReadOnlyList<ModelPart> Recognise(string path) => Open(path).Parts;

    /// <summary>Whether the networks ask for all of a file.</summary>
    public CheckpointAudit Audit(string path) => Open(path).Audit.Value;

    private OpenFile Open(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
        {
            throw new FileNotFoundException($"Model file '{path}' does not exist.", path);
        }
        lock (_lock)
        {
            var stamp = (info.LastWriteTimeUtc, info.Length);
            if (_files.TryGetValue(info.FullName, out var open))
            {
                if (open.Stamp == stamp)
                {
                    return open;
                }
                _replaced.Add(open);
                _files.Remove(info.FullName);
            }
            var source = WeightFiles.Open(info.FullName);
            try
            {
                var audit = new Lazy<CheckpointAudit>(() => CheckpointAudit.Of(source));
                open = new OpenFile(source, ModelFamilies.Recognise(source), audit, stamp);
            }
            catch
            {
                source.Dispose();
                throw;
            }
            _files.Add(info.FullName, open);
            return open;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var file in _files.Values.Concat(_replaced))
            {
                file.Source.Dispose();
            }
            _files.Clear();
            _replaced.Clear();
        }
    }

    private sealed record OpenFile(
        IWeightFile Source,
        IReadOnlyList<ModelPart> Parts,
        Lazy<CheckpointAudit> Audit,
        (DateTime Written, long Length) Stamp
    );
}
