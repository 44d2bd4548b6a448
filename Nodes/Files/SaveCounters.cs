namespace NodeHost.Nodes.Files;

/// <summary>Remembers the next number per folder and prefix as long as nobody else changes the folder, because looking for it reads the whole folder.</summary>
internal sealed class SaveCounters
{
    private const int Most = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Folder, string Prefix), (DateTime Changed, long Next)> _counters = [];

    /// <summary>Null when the folder has changed since it was noted, or was never noted.</summary>
    public long? Find(string folder, string prefix)
    {
        lock (_lock)
        {
            return
                _counters.TryGetValue((folder, prefix), out var counter)
                && counter.Changed == Directory.GetLastWriteTimeUtc(folder)
                ? counter.Next
                : null;
        }
    }

    public void Note(string folder, string prefix, long next)
    {
        lock (_lock)
        {
            if (_counters.Count >= Most)
            {
                _counters.Clear();
            }
            _counters[(folder, prefix)] = (Directory.GetLastWriteTimeUtc(folder), next);
        }
    }
}
