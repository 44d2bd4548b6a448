namespace NodeHost.Nodes.Files;

/// <summary>The one place that decides whether a name given by a client stays inside a folder.</summary>
/// <remarks>Links are followed first, so that a link inside the folder is no way out of it.</remarks>
public static class PathGuard
{
    /// <summary>The full path of <paramref name="relative"/> in <paramref name="folder"/>; null when it is not inside.</summary>
    public static string? Resolve(string folder, string relative)
    {
        if (relative.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(Path.Combine(root, relative.Replace('\\', '/')));
        return IsInside(root, path) && IsInside(RealPath(root), RealPath(path)) ? path : null;
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

    // Every part is resolved, not only the last; parts that do not exist yet stay as they are.
    private static string RealPath(string path)
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
            var target = new FileInfo(next).LinkTarget;
            if (target is null || ++links > maximumLinks)
            {
                real = next;
                continue;
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
