using NodeHost.CustomNodes;
using NodeHost.Graph.Catalogue;
using NodeHost.Graph.Execution;
using NodeHost.Nodes.Files;

namespace NodeHost.Server;

/// <summary>The nodes and what they need. Both are made when first asked for, so that the server answers before they are there.</summary>
/// <param name="catalogue">Makes the catalogue.</param>
/// <param name="executor">Makes what an executor needs; its services are the validator's and the catalogue's too.</param>
/// <param name="folders">The folders that nodes and routes share.</param>
/// <param name="packs">Custom nodes.</param>
internal sealed class NodeRuntime(
    Func<NodeCatalogue> catalogue,
    Func<ExecutorOptions> executor,
    IFolderPaths folders,
    CustomNodePacks packs
) : IDisposable
{
    private readonly Lazy<NodeCatalogue> _catalogue = new(catalogue);
    private readonly Lazy<ExecutorOptions> _executor = new(executor);

    public IFolderPaths Folders { get; } = folders;

    public CustomNodePacks Packs { get; } = packs;

    public NodeCatalogue Catalogue => _catalogue.Value;

    public ExecutorOptions Executor => _executor.Value;

    public IServiceProvider Services => _executor.Value.Services;

    public void Dispose()
    {
        if (_executor.IsValueCreated)
        {
            (_executor.Value.Services as IDisposable)?.Dispose();
        }
    }
}
