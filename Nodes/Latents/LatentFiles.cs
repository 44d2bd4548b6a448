using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Latents;

/// <summary>The saved latents in the input folder.</summary>
public sealed class LatentFiles : IChoiceProvider
{
    public const string Extension = ".latent";

    public IEnumerable<object> Options(IServiceProvider services, string? argument)
    {
        var files = (services.GetService(typeof(IFolderPaths)) as IFolderPaths)?.Files(FolderKind.Input) ?? [];
        return files.Where(name => name.EndsWith(Extension, StringComparison.Ordinal));
    }
}
