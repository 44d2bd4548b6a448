namespace NodeHost.Nodes.Files;

/// <summary>Where the files of a server are.</summary>
public sealed record FolderPathsOptions
{
    /// <summary>Folders with <c>checkpoints/</c>, <c>vae/</c> and so on, in the order of search.</summary>
    public required IReadOnlyList<string> ModelRoots { get; init; }

    /// <summary>The first takes uploads and is listed first; all are searched.</summary>
    public required IReadOnlyList<string> InputDirectories { get; init; }

    public required string OutputDirectory { get; init; }

    public required string TempDirectory { get; init; }

    /// <summary>Writes the prompt and the workflow into saved pictures.</summary>
    public bool EmbedsMetadata { get; init; } = true;

    /// <summary>Folders for a key that are searched before those of the model roots (<c>is_default</c> in <c>extra_model_paths.yaml</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> PreferredModelFolders { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>More folders for a key, searched after those of the model roots (<c>extra_model_paths.yaml</c>).</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ExtraModelFolders { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();
}
