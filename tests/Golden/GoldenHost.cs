using Newtonsoft.Json.Linq;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Events;
using NodeHost.Graph.Execution;
using NodeHost.Graph.Validation;
using NodeHost.Nodes;
using NodeHost.Nodes.Files;

namespace NodeHost.Golden;

/// <summary>NodeHost in process over the golden models and inputs, with an output folder of its own: fresh for every case.</summary>
internal sealed class GoldenHost : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nodehost-golden-").FullName;
    private readonly NodePackServices _services;
    private readonly PromptExecutor _executor;

    public GoldenHost(GoldenFolder golden)
    {
        _services = NodePack.CreateServices(
            new FolderLayout
            {
                Models = golden.Models,
                UsesBundledModels = false,
                Input = golden.Input,
                Output = Path.Combine(_folder, "output"),
                Temp = Path.Combine(_folder, "temp"),
                Tokenizers = golden.Tokenizers,
            },
            new NodePackOptions
            {
                Observer = Forwards,
                MemoryBudget = GoldenModels.MemoryBudget,
                Device = GoldenModels.Device,
            }
        );
        var options = NodePack.InPythonWords(NodePack.CreateExecutorOptions(_services));
        _executor = new PromptExecutor(Catalogue, options);
    }

    /// <summary>Every forward pass since it was last emptied.</summary>
    public ForwardLog Forwards { get; } = new();

    public static NodeCatalogue Catalogue { get; } = NodePack.CreateCatalogue();

    public PromptValidation Validate(string body) =>
        new PromptValidator(Catalogue, _services).ValidateAsync(body).GetAwaiter().GetResult();

    public RunResult Run(RunRequest request, IExecutionEvents events) =>
        _executor.RunAsync(request, events).GetAwaiter().GetResult();

    /// <summary>Full path of a file as a UI entry names it.</summary>
    public string PathOf(JToken entry) =>
        Path.Combine(_folder, (string)entry["type"]!, (string)entry["subfolder"]!, (string)entry["filename"]!);

    /// <summary>Full path of a file that a node wrote by a name of its own choice.</summary>
    public string OutputPath(string name) => Path.Combine(_folder, "output", name);

    public void Dispose()
    {
        _executor.Dispose();
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
