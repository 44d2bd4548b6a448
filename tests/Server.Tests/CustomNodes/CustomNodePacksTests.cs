using NodeHost.CustomNodes;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Tests.Server.CustomNodes;

public sealed class CustomNodePacksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _errors.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Load_FoldersWithoutAssemblies_AreStillPacksWithPages()
    {
        Write("pages/web/a.js");
        Write("plain/readme.txt");
        Write("switched-off.disabled/web/a.js");
        Write(".hidden/web/a.js");
        Write("__pycache__/x");

        var packs = Load(new());

        Assert.Equal(["pages", "plain"], packs.Packs.Select(pack => pack.Name));
        Assert.NotNull(packs.Find("pages")!.WebFolder);
        Assert.Null(packs.Find("plain")!.WebFolder);
        Assert.Empty(packs.Sources);
    }

    [Fact]
    public void Load_PackThatIsNoAssembly_IsReportedAndSkipped()
    {
        Write("broken/broken.dll");
        Write("sound/web/a.js");

        var packs = Load(new());

        Assert.Equal(["sound"], packs.Packs.Select(pack => pack.Name));
        Assert.StartsWith("custom_nodes/broken: skipped", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenDisabled_TakesOnlyTheAllowed()
    {
        Write("one/web/a.js");
        Write("two/web/a.js");

        Assert.Empty(Load(new() { LoadsCustomNodes = false }).Packs);
        var allowed = Load(new() { LoadsCustomNodes = false, CustomNodesAllowed = ["two"] });
        Assert.Equal(["two"], allowed.Packs.Select(pack => pack.Name));
    }

    private CustomNodePacks Load(ServerOptions options)
    {
        var folders = new FolderPaths(
            new FolderPathsOptions
            {
                ModelRoots = [],
                InputDirectories = [_folder.File("input")],
                OutputDirectory = _folder.File("output"),
                TempDirectory = _folder.File("temp"),
                ExtraModelFolders = new Dictionary<string, IReadOnlyList<string>>
                {
                    ["custom_nodes"] = [_folder.File("custom_nodes")],
                },
            }
        );
        return CustomNodePacks.Load(options, folders, _errors);
    }

    private void Write(string relative)
    {
        var path = _folder.File("custom_nodes/" + relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "x");
    }
}
