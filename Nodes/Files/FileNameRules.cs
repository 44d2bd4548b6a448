namespace NodeHost.Nodes.Files;

/// <summary>Names that mean the same file to this program, to the file system and to whoever reads a listing.</summary>
/// <remarks>
/// Control characters break listings and headers, unpaired surrogates become one and the same replacement character on
/// disk, and Windows gives some names to devices and streams. Letters that only look like a dot or a slash are harmless:
/// no file system treats them as one.
/// </remarks>
internal static class FileNameRules
{
    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
    };

    /// <summary>Whether a relative path, with either separator, is kept by the file system as it is written.</summary>
    public static bool AreKept(string path) => AreKept(path, OperatingSystem.IsWindows());

    internal static bool AreKept(string path, bool windows) =>
        !path.Any(char.IsControl)
        && !HasUnpairedSurrogate(path)
        && (!windows || path.Split('/', '\\').All(IsKeptByWindows));

    private static bool HasUnpairedSurrogate(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index]))
            {
                continue;
            }

            if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1]))
            {
                return true;
            }

            index++;
        }

        return false;
    }

    // The device is meant whatever the extension is; a trailing dot or blank is dropped; a colon opens a stream.
    private static bool IsKeptByWindows(string part)
    {
        if (part is "" or "." or "..")
        {
            return true;
        }

        var stem = part.Split('.')[0].TrimEnd(' ');
        return part.IndexOfAny([':', '<', '>', '"', '|', '?', '*']) < 0
            && !part.EndsWith('.')
            && !part.EndsWith(' ')
            && !Devices.Contains(stem)
            && !IsPort(stem);
    }

    private static bool IsPort(string stem) =>
        stem.Length == 4
        && (
            stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase)
            || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)
        )
        && "123456789¹²³".Contains(stem[3], StringComparison.Ordinal);
}
