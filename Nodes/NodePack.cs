using Newtonsoft.Json.Linq;
using NodeHost.Diffusion.Models.Store;
using NodeHost.Diffusion.Text.Tokenization;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Execution;
using NodeHost.Nodes.Errors;
using NodeHost.Nodes.Files;
using NodeHost.Nodes.Sampling;
using NodeHost.Tensors;

namespace NodeHost.Nodes;

/// <summary>Everything a host needs to run NodeHost's own nodes.</summary>
public static class NodePack
{
    /// <summary>All nodes of this assembly, found by reflection.</summary>
    /// <param name="more">Nodes of other packs; where they have a name of ours, ours stays.</param>
    public static NodeCatalogue CreateCatalogue(IEnumerable<NodeSource>? more = null) =>
        new([new NodeSource(typeof(NodePack).Assembly), .. more ?? []], NodeSocketTypes.Create());

    /// <summary>What nodes ask their context for.</summary>
    /// <param name="layout">Where models and pictures are.</param>
    /// <param name="options">What a host may choose besides.</param>
    /// <param name="paths">The folders of the layout, where the host uses them too.</param>
    public static NodePackServices CreateServices(
        FolderLayout layout,
        NodePackOptions? options = null,
        IFolderPaths? paths = null
    )
    {
        options ??= new NodePackOptions();
        paths ??= new FolderPaths(layout.ToOptions());
        var models = new ModelStoreOptions
        {
            Tokenizers = new TokenizerLocator(paths.ModelFolders("tokenizers"), layout.ComfyUi),
            EmbeddingFolders = paths.ModelFolders("embeddings"),
            Observer = options.Observer,
            Device = options.Device,
            ComputeType = options.ComputeType,
            BudgetBytes = options.MemoryBudget,
        };
        var store = new ModelStore(models);
        return new NodePackServices()
            .Add(paths)
            .Add(options.Pictures)
            .Add(store)
            .Add(new SamplingPreviews(options.Previews, paths, store.Device));
    }

    /// <summary>What an executor needs to run this assembly's nodes.</summary>
    public static ExecutorOptions CreateExecutorOptions(NodePackServices services) =>
        new()
        {
            Services = services,
            ServicesFor = extraData => ServicesFor(services, extraData),
            Lifetime = new TensorLifetime(),
            Scope = new TensorNodeScope(),
            IsOutOfMemory = IsOutOfMemory,
            OnOutOfMemory = () => FreeMemory(services),
        };

    /// <summary>The same with errors as ComfyUI's clients know them.</summary>
    public static ExecutorOptions InPythonWords(ExecutorOptions options) =>
        options with
        {
            ExceptionTypeOf = PythonErrors.TypeOf,
            ExceptionMessageOf = PythonErrors.MessageOf,
            TextOfValue = PythonValueText.Of,
        };

    /// <summary>Gives up what can be given up when memory ran out; the text is for whoever reads the error.</summary>
    public static string FreeMemory(NodePackServices services)
    {
        services.Get<ModelStore>().Unload();
        return "Loaded models were given up. Use a smaller size or batch, or free memory elsewhere, and try again.";
    }

    /// <summary>Whether an exception means that memory ran out, which ends one job and is not a fault of the node.</summary>
    public static bool IsOutOfMemory(Exception error) => error is TensorOutOfMemoryException or OutOfMemoryException;

    // What one run gets: a prompt may choose its previews in what the client sends along.
    private static RunServices? ServicesFor(NodePackServices services, JObject extraData) =>
        PreviewChoice.Parse((extraData["preview_method"] as JValue)?.Value as string) is { } choice
            ? new RunServices(services, choice)
            : null;
}
