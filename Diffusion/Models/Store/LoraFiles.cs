using NodeHost.Diffusion.Lora;

namespace NodeHost.Diffusion.Models.Store;

/// <summary>Adapter files opened once, so that equal patches are the same object; a file that changed is opened again.</summary>
internal sealed class LoraFiles
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTime Written, LoraFile File)> _files = new(StringComparer.Ordinal);

    public LoraFile Open(string path)
    {
        var written = File.GetLastWriteTimeUtc(path);
        lock (_lock)
        {
            if (!_files.TryGetValue(path, out var known) || known.Written != written)
            {
                known = (written, LoraFile.Open(path));
                _files[path] = known;
            }
            return known.File;
        }
    }
}
