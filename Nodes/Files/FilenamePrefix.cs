namespace NodeHost.Nodes.Files;

/// <summary>A save prefix taken apart: the sub-folder and the beginning of the file name.</summary>
internal sealed record FilenamePrefix(string Subfolder, string Name)
{
    /// <summary>Replaces the server's variables and normalises the path.</summary>
    public static FilenamePrefix Expand(string prefix, long width, long height, DateTimeOffset now)
    {
        if (prefix.Contains('\0', StringComparison.Ordinal))
        {
            throw new PathException(
                "filename_prefix: expected a file name, given one with a NUL character. Remove it."
            );
        }

        var text = prefix
            .Replace("%width%", $"{width}", StringComparison.Ordinal)
            .Replace("%height%", $"{height}", StringComparison.Ordinal)
            .Replace("%year%", $"{now.Year}", StringComparison.Ordinal)
            .Replace("%month%", $"{now.Month:00}", StringComparison.Ordinal)
            .Replace("%day%", $"{now.Day:00}", StringComparison.Ordinal)
            .Replace("%hour%", $"{now.Hour:00}", StringComparison.Ordinal)
            .Replace("%minute%", $"{now.Minute:00}", StringComparison.Ordinal)
            .Replace("%second%", $"{now.Second:00}", StringComparison.Ordinal);
        var normal = Normalise(text.Replace('\\', '/'));
        var slash = normal.LastIndexOf('/');
        return slash < 0
            ? new FilenamePrefix("", normal)
            : new FilenamePrefix(slash == 0 ? "/" : normal[..slash], normal[(slash + 1)..]);
    }

    // As Python's normpath: no empty parts and no ".", ".." taken together with what it leaves; nothing becomes ".".
    private static string Normalise(string path)
    {
        var rooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part != ".." || (parts.Count == 0 && !rooted) || (parts.Count > 0 && parts[^1] == ".."))
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        var joined = string.Join('/', parts);
        return rooted ? "/" + joined
            : joined.Length == 0 ? "."
            : joined;
    }
}
