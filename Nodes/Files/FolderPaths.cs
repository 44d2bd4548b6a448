using System.Security.Cryptography;
using System.Text;

namespace NodeHost.Nodes.Files;

/// <summary>The folders of a server on disk.</summary>
public sealed class FolderPaths : IFolderPaths
{
    // Models that nodes save under the output folder are found again without moving them.
    private static readonly (string Key, string Subfolder)[] SavedModels =
    [
        ("checkpoints", "checkpoints"),
        ("text_encoders", "clip"),
        ("vae", "vae"),
        ("diffusion_models", "diffusion_models"),
        ("loras", "loras"),
    ];

    private readonly FolderPathsOptions _options;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, ModelFileIndex> _indexes = [];
    private readonly SaveCounters _counters = new();
    private readonly byte[] _session = RandomNumberGenerator.GetBytes(16);

    public FolderPaths(FolderPathsOptions options, TimeProvider? clock = null)
    {
        _options = options;
        _clock = clock ?? TimeProvider.System;
        OutputDirectory = Path.GetFullPath(options.OutputDirectory);
        TempDirectory = Path.GetFullPath(options.TempDirectory);
        var given = options.PreferredModelFolders.Keys.Concat(options.ExtraModelFolders.Keys);
        foreach (var key in ModelFolder.Known.Keys.Union(given.Select(ModelFolder.CanonicalKey)))
        {
            _indexes[key] = new ModelFileIndex(
                ModelFolder.Known.GetValueOrDefault(key) ?? new ModelFolder(key, [], null),
                FoldersOf(key)
            );
        }
    }

    public string InputDirectory => Path.GetFullPath(_options.InputDirectories[0]);

    public string OutputDirectory { get; }

    public string TempDirectory { get; }

    public bool EmbedsMetadata => _options.EmbedsMetadata;

    public IReadOnlyList<string> ModelKeys =>
        [.. _indexes.Keys.Where(key => ModelFolder.Known.GetValueOrDefault(key) is not { IsOurOwn: true })];

    public IReadOnlyList<string> ModelFolders(string key) =>
        _indexes.GetValueOrDefault(ModelFolder.CanonicalKey(key))?.Folders ?? [];

    public IReadOnlyList<string> ModelFiles(string key) =>
        _indexes.GetValueOrDefault(ModelFolder.CanonicalKey(key))?.Files() ?? [];

    public string? Find(string key, string name) =>
        _indexes.GetValueOrDefault(ModelFolder.CanonicalKey(key))?.Find(name);

    public IReadOnlyList<string> Files(FolderKind folder) =>
        [
            .. Directories(folder)
                .Where(Directory.Exists)
                .SelectMany(Directory.EnumerateFiles)
                .Select(path => Path.GetFileName(path)!)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    public string? FindPicture(string name, FolderKind folder = FolderKind.Input)
    {
        var annotated = AnnotatedName.Parse(name);
        return Directories(annotated.Folder ?? folder)
            .Select(directory => PathGuard.Resolve(directory, annotated.Name))
            .FirstOrDefault(path => path is not null && File.Exists(path));
    }

    public SaveSequence BeginSave(FolderKind folder, string prefix, long width = 0, long height = 0)
    {
        var expanded = FilenamePrefix.Expand(prefix, width, height, _clock.GetLocalNow());
        return new SaveSequence(Directories(folder).First(), folder, expanded, _counters);
    }

    public string TemporaryLetters(string nodeId)
    {
        var hash = SHA256.HashData([.. _session, .. Encoding.UTF8.GetBytes(nodeId)]);
        return string.Concat(hash.Take(5).Select(value => (char)('a' + (value % 26))));
    }

    private IEnumerable<string> Directories(FolderKind folder) =>
        folder switch
        {
            FolderKind.Input => _options.InputDirectories.Select(Path.GetFullPath),
            FolderKind.Output => [OutputDirectory],
            _ => [TempDirectory],
        };

    private List<string> FoldersOf(string key)
    {
        key = ModelFolder.Known.GetValueOrDefault(key)?.FoldersOf ?? key;
        var subfolders = ModelFolder.Known.GetValueOrDefault(key)?.Subfolders ?? [];
        var folders = _options.ModelRoots.SelectMany(root => subfolders.Select(name => Path.Combine(root, name)));
        var saved = SavedModels
            .Where(pair => pair.Key == key)
            .Select(pair => Path.Combine(OutputDirectory, pair.Subfolder));
        return
        [
            .. Given(_options.PreferredModelFolders)
                .Concat(folders)
                .Concat(Given(_options.ExtraModelFolders))
                .Concat(saved)
                .Select(Path.GetFullPath)
                .Distinct(),
        ];

        IEnumerable<string> Given(IReadOnlyDictionary<string, IReadOnlyList<string>> foldersByKey) =>
            foldersByKey.Where(pair => ModelFolder.CanonicalKey(pair.Key) == key).SelectMany(pair => pair.Value);
    }
}
