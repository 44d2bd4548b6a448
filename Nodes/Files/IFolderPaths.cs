namespace NodeHost.Nodes.Files;

/// <summary>How nodes find and name files: models by key and name, pictures by folder and name, new files by prefix.</summary>
public interface IFolderPaths
{
    string InputDirectory { get; }

    string OutputDirectory { get; }

    string TempDirectory { get; }

    /// <summary>Saved pictures carry the prompt and the workflow (off with <c>--disable-metadata</c>).</summary>
    bool EmbedsMetadata { get; }

    /// <summary>Five letters that go into a node's preview names: the same while the server runs, others after a restart.</summary>
    string TemporaryLetters(string nodeId);

    /// <summary>The keys of model folders, such as <c>checkpoints</c>.</summary>
    IReadOnlyList<string> ModelKeys { get; }

    /// <summary>The folders searched for a key; empty for an unknown one.</summary>
    IReadOnlyList<string> ModelFolders(string key);

    /// <summary>Names of the files of a key, relative to its folders, sorted and unique.</summary>
    IReadOnlyList<string> ModelFiles(string key);

    /// <summary>The full path of a model file; null when there is none of that name.</summary>
    string? Find(string key, string name);

    /// <summary>Names of the files directly in a picture folder, sorted.</summary>
    IReadOnlyList<string> Files(FolderKind folder);

    /// <summary>
    /// The full path of an existing picture by a name that may be annotated (<c>x.png [temp]</c>); null when there is
    /// none, or it lies outside its folder.
    /// </summary>
    string? FindPicture(string name, FolderKind folder = FolderKind.Input);

    /// <summary>Begins to write files whose names start with a prefix, with the next free number.</summary>
    /// <param name="folder">Where they go.</param>
    /// <param name="prefix">May have a sub-folder and variables such as <c>%width%</c>.</param>
    /// <param name="width">What <c>%width%</c> stands for.</param>
    /// <param name="height">What <c>%height%</c> stands for.</param>
    SaveSequence BeginSave(FolderKind folder, string prefix, long width = 0, long height = 0);
}

/// <summary>What follows from the interface for every implementation.</summary>
public static class FolderPathsExtensions
{
    /// <summary>The folder that a kind of pictures goes into.</summary>
    public static string Directory(this IFolderPaths paths, FolderKind kind) =>
        kind switch
        {
            FolderKind.Input => paths.InputDirectory,
            FolderKind.Output => paths.OutputDirectory,
            _ => paths.TempDirectory,
        };

    /// <summary>As <see cref="IFolderPaths.Find"/>, or an error that says where the file was looked for.</summary>
    public static string Require(this IFolderPaths paths, string key, string name) =>
        paths.Find(key, name)
        ?? throw new PathException(
            $"Model in folder '{key}' with filename '{name}' not found. Looked in {string.Join(", ", paths.ModelFolders(key))}. "
                + "Put the file into one of these folders, or choose another."
        );

    /// <summary>As <see cref="IFolderPaths.FindPicture"/>, or an error that says where the file was looked for.</summary>
    public static string RequirePicture(this IFolderPaths paths, string name, FolderKind folder = FolderKind.Input) =>
        paths.FindPicture(name, folder)
        ?? throw new PathException(
            $"Picture '{name}': no such file in the {(AnnotatedName.Parse(name).Folder ?? folder).WireName()} folder. "
                + "Upload it, or choose another."
        );
}
