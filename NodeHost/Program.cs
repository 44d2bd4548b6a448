using NodeHost.Cli;
using NodeHost.CustomNodes;
using NodeHost.Folders;
using NodeHost.Graph.Execution;
using NodeHost.Images;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Sampling;
using NodeHost.Queue;
using NodeHost.Security;
using NodeHost.Server;
using NodeHost.Storage;

return CommandLine.Run(args, RenderAsync, ServeAsync, () => NodePack.CreateCatalogue());

static async Task<int> RenderAsync(RenderOptions options)
{
    using var interruption = new Interruption();
    var temp = Directory.CreateTempSubdirectory("nodehost-").FullName;
    using var services = NodePack.CreateServices(
        Layout(options.Folders, temp) with
        {
            ExtraModelFolders = new Dictionary<string, IReadOnlyList<string>>
            {
                ["custom_nodes"] = [new ServerOptions().CustomNodesDirectory],
            },
        },
        new NodePackOptions { Device = options.Device, MemoryBudget = options.MemoryBudget }
    );
    var paths = services.Get<IFolderPaths>();
    var packs = CustomNodePacks.Load(new ServerOptions(), paths, Console.Error);
    string? FolderOf(string type) =>
        FolderKinds.Parse(type) switch
        {
            FolderKind.Output => paths.OutputDirectory,
            FolderKind.Temp => paths.TempDirectory,
            FolderKind.Input => paths.InputDirectory,
            _ => null,
        };
    var exitCode = await new Renderer(
        NodePack.CreateCatalogue(packs.Sources),
        NodePack.CreateExecutorOptions(services),
        FolderOf
    ).RunAsync(options, interruption.Token);
    // What previews wrote stays for whoever reads the printed lines; an empty folder is of no use.
    if (!Directory.EnumerateFileSystemEntries(temp).Any())
    {
        Directory.Delete(temp);
    }
    return exitCode;
}

static async Task<int> ServeAsync(ServerOptions options)
{
    try
    {
        var layout = ServerLayout(options);
        if (PublicBind.Refuse(options, new ApiKeyStore(options.UserDirectory)) is { } refusal)
        {
            throw new UsageException(refusal);
        }
        if (options.FrontEndRoot is { } root && !File.Exists(Path.Combine(root, "index.html")))
        {
            throw new UsageException(
                $"--front-end-root {root}: there is no index.html. Expected the dist/ of a frontend."
            );
        }
        var folders = new FolderPaths(layout.ToOptions());
        var packs = CustomNodePacks.Load(options, folders, Console.Error);
        using var nodes = new NodeRuntime(
            () => NodePack.CreateCatalogue(packs.Sources),
            () => ServerExecutor(options, NodePack.CreateServices(layout, PackOptions(options), folders)),
            folders,
            packs
        );
        return await ServerProgram.RunAsync(
            options,
            nodes,
            () => NodePack.FreeMemory((NodePackServices)nodes.Services)
        );
    }
    catch (Exception error)
        when (error is UsageException or ExtraModelPathsException or ApiKeyException or JobStoreException)
    {
        await Console.Error.WriteLineAsync(error.Message);
        return ExitCode.BadUsage;
    }
}

static FolderLayout ServerLayout(ServerOptions options)
{
    var extra = ExtraModelPaths.Read(options.ExtraModelPaths);
    return Layout(options.Folders, options.Temp) with
    {
        EmbedsMetadata = options.EmbedsMetadata,
        PreferredModelFolders = extra.Preferred,
        ExtraModelFolders = new Dictionary<string, IReadOnlyList<string>>(extra.Further)
        {
            ["custom_nodes"] = [options.CustomNodesDirectory, .. extra.Further.GetValueOrDefault("custom_nodes") ?? []],
        },
    };
}

static NodePackOptions PackOptions(ServerOptions options) =>
    new()
    {
        Device = options.Device,
        MemoryBudget = options.MemoryBudget,
        Pictures = new(options.Limits.ImagePixels),
        Previews = new()
        {
            Method = PreviewChoice.Parse(options.PreviewMethod)?.Method ?? PreviewMethod.None,
            Size = options.PreviewSize ?? PreviewEncoder.DefaultLongerSide,
        },
    };

static FolderLayout Layout(FolderOptions folders, string? temp) =>
    new()
    {
        Models = folders.Models,
        Input = folders.Input,
        Output = folders.Output,
        ComfyUi = folders.ComfyUi,
        UsesBundledModels = folders.UsesBundledModels,
        Temp = temp,
    };

static ExecutorOptions ServerExecutor(ServerOptions options, NodePackServices services)
{
    var executor = NodePack.InPythonWords(NodePack.CreateExecutorOptions(services));
    return executor with { Cache = ResultCaches.Create(options.Cache, executor.Lifetime) };
}
