using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Loaders;

/// <summary>The autoencoder files, and the one that needs no file.</summary>
public sealed class VaeFiles : IChoiceProvider
{
    public const string PixelSpace = "pixel_space";

    public IEnumerable<object> Options(IServiceProvider services, string? argument)
    {
        var files = (services.GetService(typeof(IFolderPaths)) as IFolderPaths)?.ModelFiles("vae") ?? [];
        return [.. files, PixelSpace];
    }
}
