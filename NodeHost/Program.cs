using NodeHost.Cli;
using NodeHost.Graph.Execution;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;

return CommandLine.Run(args, RenderAsync);

static async Task<int> RenderAsync(RenderOptions options)
{
    using var interruption = new Interruption();
    var temp = Directory.CreateTempSubdirectory("nodehost-").FullName;
    using var services = NodePack.CreateServices(
        new FolderLayout
        {
            Models = options.Folders.Models,
            Input = options.Folders.Input,
            Output = options.Folders.Output,
            ComfyUi = options.Folders.ComfyUi,
            Temp = temp,
        },
        new NodePackOptions { MemoryBudget = options.MemoryBudget }
    );
    var paths = services.Get<IFolderPaths>();
    var executor = new ExecutorOptions
    {
        Services = services,
        Lifetime = new TensorLifetime(),
        Scope = new TensorNodeScope(),
        IsOutOfMemory = NodePack.IsOutOfMemory,
        OnOutOfMemory = () => NodePack.FreeMemory(services),
    };
    string? FolderOf(string type) =>
        FolderKinds.Parse(type) switch
        {
            FolderKind.Output => paths.OutputDirectory,
            FolderKind.Temp => paths.TempDirectory,
            FolderKind.Input => paths.InputDirectory,
            _ => null,
        };
    var exitCode = await new Renderer(NodePack.CreateCatalogue(), executor, FolderOf).RunAsync(
        options,
        interruption.Token
    );
    // What previews wrote stays for whoever reads the printed lines; an empty folder is of no use.
    if (!Directory.EnumerateFileSystemEntries(temp).Any())
    {
        Directory.Delete(temp);
    }
    return exitCode;
}
