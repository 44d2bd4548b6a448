namespace NodeHost.Nodes.Files;

/// <summary>Where a host finds models and pictures, from what its user gave; null means the default under the current folder.</summary>
public sealed record FolderLayout
{
    public string? Models { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? Temp { get; init; }

    /// <summary>A folder with <c>clip/</c> and <c>t5/</c>, besides <c>tokenizers/</c> in the model folders.</summary>
    public string? Tokenizers { get; init; }

    /// <summary>An existing ComfyUI, searched after NodeHost's own folders.</summary>
    public string? ComfyUi { get; init; }

    /// <summary>Folders by key that are searched first, as in <c>extra_model_paths.yaml</c> with <c>is_default</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> PreferredModelFolders { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>More folders by key, as in <c>extra_model_paths.yaml</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ExtraModelFolders { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Writes the prompt and the workflow into saved pictures.</summary>
    public bool EmbedsMetadata { get; init; } = true;

    /// <summary>Whether the tiny models that ship with NodeHost are there too, searched last.</summary>
    public bool UsesBundledModels { get; init; } = true;

    private static string BundledModels => Path.Combine(AppContext.BaseDirectory, "workflows", "models");

    public FolderPathsOptions ToOptions() =>
        new()
        {
            ModelRoots =
            [
                Models ?? "models",
                .. Under(ComfyUi, "models"),
                .. UsesBundledModels ? [BundledModels] : (string[])[],
            ],
            InputDirectories = [Input ?? "input", .. Under(ComfyUi, "input")],
            OutputDirectory = Output ?? "output",
            TempDirectory = Temp ?? "temp",
            EmbedsMetadata = EmbedsMetadata,
            PreferredModelFolders = PreferredModelFolders,
            ExtraModelFolders = new Dictionary<string, IReadOnlyList<string>>(ExtraModelFolders)
            {
                ["tokenizers"] = [.. ExtraModelFolders.GetValueOrDefault("tokenizers") ?? [], .. TokenizerFolders()],
            },
        };

    /// <summary>Besides <c>tokenizers/</c> in the model folders: as given, and beside the folders of models.</summary>
    private string[] TokenizerFolders() =>
        [
            .. Under(Tokenizers, ""),
            .. Under(Models is null ? null : Path.GetDirectoryName(Path.GetFullPath(Models)), "tokenizers"),
            .. Under(ComfyUi, "tokenizers"),
        ];

    private static IEnumerable<string> Under(string? folder, string relative) =>
        folder is null ? [] : [Path.Combine(folder, relative)];
}
