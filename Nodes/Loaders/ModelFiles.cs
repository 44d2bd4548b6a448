using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>The files of a kind of model; the argument is the folder's key, such as <c>checkpoints</c>.</summary>
public sealed class ModelFiles : IChoiceProvider
{
    public IEnumerable<object> Options(IServiceProvider services, string? argument) =>
        (services.GetService(typeof(IFolderPaths)) as IFolderPaths)?.ModelFiles(argument ?? "") ?? [];
}
