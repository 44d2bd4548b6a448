using NodeHost.Graph.Contracts;
using NodeHost.Nodes.Files;

namespace NodeHost.Nodes.Images;

/// <summary>The pictures in the input folder, or with the argument <c>all</c> every file there.</summary>
public sealed class InputPictures : IChoiceProvider
{
    public const string AllFiles = "all";

    // What Python's mimetypes, extended by ComfyUI, takes for image/*.
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png",
        ".apng",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".gif",
        ".webp",
        ".bmp",
        ".tif",
        ".tiff",
        ".ico",
        ".svg",
        ".heic",
        ".heif",
        ".avif",
        ".jxl",
        ".pnm",
        ".pbm",
        ".pgm",
        ".ppm",
        ".ief",
        ".ras",
        ".rgb",
        ".xbm",
        ".xpm",
        ".xwd",
    };

    public IEnumerable<object> Options(IServiceProvider services, string? argument)
    {
        var files = (services.GetService(typeof(IFolderPaths)) as IFolderPaths)?.Files(FolderKind.Input) ?? [];
        return files.Where(name => argument == AllFiles || Extensions.Contains(Path.GetExtension(name)));
    }
}
