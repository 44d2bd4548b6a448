using Newtonsoft.Json.Linq;

namespace NodeHost.Api.Users;

/// <summary>Listings of a user's files.</summary>
internal static class UserDataListing
{
    private const FileAttributes Unlisted = FileAttributes.Hidden | FileAttributes.ReparsePoint;

    /// <summary>The files of a folder, in the form asked for: names, details, or names taken apart.</summary>
    public static JArray Files(string folder, bool recurse, bool fullInfo, bool split)
    {
        var files = new JArray();
        foreach (
            var file in new DirectoryInfo(folder)
                .EnumerateFiles("*", Listed(recurse))
                .OrderBy(file => file.FullName, StringComparer.Ordinal)
        )
        {
            var relative = Relative(folder, file);
            files.Add(
                fullInfo ? Describe(file, relative)
                : split ? new JArray([relative, .. relative.Split('/')])
                : new JValue(relative)
            );
        }
        return files;
    }

    /// <summary>Everything below a folder: directories first, then by name whatever its case.</summary>
    public static JArray Tree(string root, string folder)
    {
        var entries = new DirectoryInfo(folder)
            .EnumerateFileSystemInfos("*", Listed(recurse: true))
            .OrderBy(entry => entry is FileInfo)
            .ThenBy(entry => entry.Name, StringComparer.OrdinalIgnoreCase);
        return new(entries.Select(entry => DescribeEntry(entry, Relative(root, entry))));
    }

    public static JObject Describe(FileInfo file, string relative) =>
        new()
        {
            ["path"] = relative,
            ["size"] = file.Length,
            ["modified"] = FileTimes.Seconds(file.LastWriteTimeUtc),
            ["created"] = FileTimes.Seconds(file.CreationTimeUtc),
        };

    private static JObject DescribeEntry(FileSystemInfo entry, string relative)
    {
        var result = new JObject { ["name"] = entry.Name, ["path"] = relative };
        result["type"] = entry is FileInfo ? "file" : "directory";
        if (entry is FileInfo file)
        {
            result["size"] = file.Length;
            result["modified"] = FileTimes.Seconds(file.LastWriteTimeUtc);
        }
        return result;
    }

    private static EnumerationOptions Listed(bool recurse) =>
        new()
        {
            IgnoreInaccessible = true,
            AttributesToSkip = Unlisted,
            RecurseSubdirectories = recurse,
        };

    private static string Relative(string root, FileSystemInfo entry) =>
        Path.GetRelativePath(root, entry.FullName).Replace('\\', '/');
}
