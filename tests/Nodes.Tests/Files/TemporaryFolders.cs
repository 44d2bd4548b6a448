using NodeHost.Nodes.Files;

namespace NodeHost.Tests.Nodes.Files;

/// <summary>Folders of a server that exist for one test.</summary>
internal sealed class TemporaryFolders : IDisposable
{
    public TemporaryFolders()
    {
        Paths = new FolderPaths(
            new FolderPathsOptions
            {
                ModelRoots = [At("models"), At("more-models")],
                InputDirectories = [At("input"), At("more-input")],
                OutputDirectory = At("output"),
                TempDirectory = At("temp"),
            },
            new FixedClock()
        );
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("nodehost-").FullName;

    public FolderPaths Paths { get; }

    public string At(string relative) => Path.Combine(Root, relative);

    public string Write(string relative, string content = "x")
    {
        var path = At(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private sealed class FixedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    }
}
