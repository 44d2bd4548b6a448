using Microsoft.AspNetCore.Http;
using NodeHost.Nodes.Files;

namespace NodeHost.Api.Files;

/// <summary>What <c>GET /view</c> asks for, with the file that it means.</summary>
/// <param name="Name">The file's name without folders.</param>
/// <param name="Path">The file.</param>
internal sealed record ViewRequest(string Name, string Path)
{
    /// <summary>The file, or the status of the refusal.</summary>
    public static (ViewRequest? Request, int Status) Read(IQueryCollection query, IFolderPaths folders)
    {
        if (!query.TryGetValue("filename", out var given))
        {
            return (null, StatusCodes.Status404NotFound);
        }
        var annotated = AnnotatedName.Parse(given.ToString());
        var type = query["type"].ToString();
        var folder = annotated.Folder ?? FolderKinds.Parse(type.Length == 0 ? "output" : type);
        var name = annotated.Name.Replace('\\', '/');
        if (
            name.Length == 0
            || name[0] == '/'
            || name.Contains("..", StringComparison.Ordinal)
            || folder is not { } kind
        )
        {
            return (null, StatusCodes.Status400BadRequest);
        }
        var subfolder = query["subfolder"].ToString().Replace('\\', '/');
        if (PathGuard.Resolve(folders.Directory(kind), subfolder) is null)
        {
            return (null, StatusCodes.Status403Forbidden);
        }
        name = name[(name.LastIndexOf('/') + 1)..];
        return name.Length > 0 && folders.FindPicture(System.IO.Path.Combine(subfolder, name), kind) is { } path
            ? (new(name, path), StatusCodes.Status200OK)
            : (null, StatusCodes.Status404NotFound);
    }
}
