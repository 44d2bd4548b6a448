namespace NodeHost.Nodes.Files;

/// <summary>The files of one model key; listed again only when one of its directories has changed.</summary>
internal sealed class ModelFileIndex(ModelFolder folder, IReadOnlyList<string> folders)
{
    private readonly Lock _lock = new();
    private Dictionary<string, DateTime> _seen = [];
    private IReadOnlyList<string>? _files;

    public IReadOnlyList<string> Folders => folders;

    public IReadOnlyList<string> Files()
    {
        lock (_lock)
        {
            if (_files is null || _seen.Any(entry => Directory.GetLastWriteTimeUtc(entry.Key) != entry.Value))
            {
                _seen = [];
                _files = [.. folders.SelectMany(List).Distinct().Order(StringComparer.Ordinal)];
            }

            return _files;
        }
    }

    /// <summary>The first folder that has the file wins; a name cannot climb out of its folder.</summary>
    public string? Find(string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        // Rooting the name at / and taking that root off again uses up every "..".
        var rooted = Path.GetFullPath("/" + name.Replace('\\', '/')).TrimStart('/');
        return rooted.Length == 0
            ? null
            : folders.Select(root => Path.Combine(root, rooted)).FirstOrDefault(File.Exists);
    }

    private IEnumerable<string> List(string root)
    {
        // A missing folder is remembered too, so that its appearance is noticed.
        _seen[root] = Directory.GetLastWriteTimeUtc(root);
        if (!Directory.Exists(root))
        {
            return [];
        }

        var names = new List<string>();
        var visited = new HashSet<string>();
        var pending = new Stack<string>([root]);
        while (pending.TryPop(out var directory))
        {
            // Links are followed; a circle of them is walked once.
            var real = new DirectoryInfo(directory).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? directory;
            if (!visited.Add(real))
            {
                continue;
            }

            _seen[directory] = Directory.GetLastWriteTimeUtc(directory);
            var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
            names.AddRange(
                Directory
                    .EnumerateFiles(directory, "*", options)
                    .Where(path => folder.Accepts(path))
                    .Select(path => Path.GetRelativePath(root, path))
            );
            foreach (var child in Directory.EnumerateDirectories(directory, "*", options))
            {
                if (Path.GetFileName(child) != ".git")
                {
                    pending.Push(child);
                }
            }
        }

        return names;
    }
}
