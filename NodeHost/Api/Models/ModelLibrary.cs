using Newtonsoft.Json.Linq;
using NodeHost.Nodes.Files;

namespace NodeHost.Api.Models;

/// <summary>What the model library of the frontend shows.</summary>
internal static class ModelLibrary
{
    private const int DeepestFolder = 16;

    private static readonly EnumerationOptions Visible = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden,
        MaxRecursionDepth = DeepestFolder,
    };

    public static JArray Folders(IFolderPaths folders) =>
        new(
            folders
                .ModelKeys.Where(key => key is not ("configs" or "custom_nodes"))
                .Select(key => new JObject { ["name"] = key, ["folders"] = new JArray(folders.ModelFolders(key)) })
        );

    public static JArray Files(IFolderPaths folders, string key)
    {
        var files = new JArray();
        foreach (var (index, root) in folders.ModelFolders(key).Index())
        {
            if (!Directory.Exists(root))
            {
                continue;
            }
            foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", Visible))
            {
                if (ModelFolder.Weights.Contains(file.Extension.ToLowerInvariant()))
                {
                    files.Add(Describe(file, root, index));
                }
            }
        }
        return files;
    }

    private static JObject Describe(FileInfo file, string root, int index)
    {
        // A link says when it was made, not the model.
        var real = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return new()
        {
            ["name"] = Path.GetRelativePath(root, file.FullName),
            ["pathIndex"] = index,
            ["modified"] = FileTimes.Seconds(real.LastWriteTimeUtc),
            ["created"] = FileTimes.Seconds(real.CreationTimeUtc),
            ["size"] = real.Exists ? real.Length : 0,
        };
    }
}
