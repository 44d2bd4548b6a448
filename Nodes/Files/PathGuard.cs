namespace NodeHost.Nodes.Files;

/// <summary>The one place that decides whether a name given by a client stays inside a folder.</summary>
/// <remarks>Links are followed first, so that a link inside the folder is no way out of it.</remarks>
public static class PathGuard
{
    /// <summary>The full path of <paramref name="relative"/> in <paramref name="folder"/>; null when it is not inside, or no name that every file system keeps apart.</summary>
    public static string? Resolve(string folder, string relative)
    {
        if (!FileNameRules.AreKept(relative))
        {
            return null;
        }

        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(Path.Combine(root, relative.Replace('\\', '/')));
        return IsInside(root, path) && RealPath(root) is { } realRoot && RealPath(path) is { } realPath
            ? IsInside(realRoot, realPath)
                ? path
                : null
            : null;
    }

    /// <summary>True for the folder itself and everything below it.</summary>
    public static bool IsInside(string folder, string path)
    {
        var root = Path.TrimEndingDirectorySeparator(folder);
        return path == root
            || path.StartsWith(
                root.EndsWith(Path.DirectorySeparatorChar) ? root : root + Path.DirectorySeparatorChar,
                StringComparison.Ordinal
            );
    }

    // Every part is resolved, not only the last; parts that do not exist yet stay as they are. Null for a circle of links.
    private static string? RealPath(string path)
    {
        const int maximumLinks = 64;
        var pending = new Stack<string>(Parts(path));
        var real = Path.GetPathRoot(path)!;
        var links = 0;
        while (pending.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > maximumLinks)
            {
                return null;
            }

            if (Path.IsPathRooted(target))
            {
                real = Path.GetPathRoot(target)!;
            }

            foreach (var piece in Parts(target))
            {
                pending.Push(piece);
            }
        }

        return real;
    }

    // Last part first, as a stack takes them.
    private static IEnumerable<string> Parts(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part != ".")
            .Reverse();
}
