using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;

namespace NodeHost.Tests.Nodes.EndToEnd;

/// <summary>Validates and runs a prompt in process, with folders of its own for what it writes.</summary>
internal sealed class GraphRunner : IDisposable
{
    private static readonly NodeCatalogue Catalogue = new([typeof(NodeSocketTypes).Assembly], NodeSocketTypes.Create());

    private readonly TestServices _services;
    private readonly PromptExecutor _executor;

    public GraphRunner(params string[] inputDirectories)
    {
        Paths = new FolderPaths(
            new FolderPathsOptions
            {
                ModelRoots = [],
                InputDirectories = [Path.Combine(Root, "input"), .. inputDirectories],
                OutputDirectory = Path.Combine(Root, "output"),
                TempDirectory = Path.Combine(Root, "temp"),
            }
        );
        _services = new TestServices((typeof(IFolderPaths), Paths));
        _executor = new PromptExecutor(
            Catalogue,
            new ExecutorOptions
            {
                Services = _services,
                Lifetime = new TensorLifetime(),
                Scope = new TensorNodeScope(),
            }
        );
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("nodehost-").FullName;

    public FolderPaths Paths { get; }

    public async Task<RunResult> RunAsync(string body)
    {
        var validation = await new PromptValidator(Catalogue, _services).ValidateAsync(body);
        Assert.True(validation.Accepted, validation.ToResponseJson().ToString(Formatting.None));
        var result = await _executor.RunAsync(RunRequest.From(validation, "test"));
        Assert.True(
            result.Status == RunStatus.Succeeded,
            $"{result.Error?.NodeType} #{result.Error?.NodeId}: {result.Error?.ExceptionMessage}"
        );
        return result;
    }

    /// <summary>The files that a node showed, as paths.</summary>
    public IEnumerable<string> Files(RunResult result, string nodeId) =>
        result.Displays.Single(ui => ui.NodeId == nodeId).Output["images"]!.Select(file =>
            Path.Combine(Root, (string)file["type"]!, (string)file["subfolder"]!, (string)file["filename"]!)
        );

    public static JObject ReadJson(string path) => JObject.Parse(File.ReadAllText(path));

    public void Dispose()
    {
        _executor.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
