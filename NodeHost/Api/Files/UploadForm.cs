using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Files;

/// <summary>An upload, with the place it is meant for.</summary>
/// <param name="File">What is uploaded.</param>
/// <param name="Subfolder">As sent.</param>
/// <param name="Kind">Whether it becomes an input, an output or a temporary file.</param>
/// <param name="Directory">The folder it goes to.</param>
/// <param name="Overwrites">Replaces what has its name.</param>
/// <param name="OriginalReference">For masks: the picture that it belongs to, as JSON.</param>
internal sealed record UploadForm(
    IFormFile File,
    string Subfolder,
    FolderKind Kind,
    string Directory,
    bool Overwrites,
    string? OriginalReference
)
{
    /// <summary>Null when the request is no upload, or its place is outside of its folder.</summary>
    public static async Task<UploadForm?> ReadAsync(HttpContext context, ServerServices services)
    {
        if (!context.Request.HasFormContentType)
        {
            return null;
        }
        var form = await ReadFormAsync(context, services.Options);
        var file = form.Files["image"];
        var subfolder = form["subfolder"].ToString();
        var type = form["type"].ToString();
        if (FolderKinds.Parse(type.Length == 0 ? "input" : type) is not { } kind)
        {
            throw new RequestException(400, "bad_type", $"type is input, temp or output, given '{type}'");
        }
        var root = services.Folders.Directory(kind);
        return
            file is { FileName.Length: > 0 }
            && PathGuard.Resolve(root, subfolder) is { } folder
            && PathGuard.Resolve(folder, file.FileName) is { } path
            && PathGuard.IsInside(root, path)
            && path != folder
            ? new(
                file,
                subfolder,
                kind,
                folder,
                form["overwrite"].ToString() is "true" or "1",
                form.TryGetValue("original_ref", out var reference) ? reference.ToString() : null
            )
            : null;
    }

    /// <summary>A form as large as a body may be.</summary>
    public static async Task<IFormCollection> ReadFormAsync(HttpContext context, ServerOptions options)
    {
        // The body's own limit is the only one: parts may be as large as it.
        var feature = new FormFeature(
            context.Request,
            new FormOptions
            {
                MultipartBodyLengthLimit = options.MaxBodyBytes,
                BufferBodyLengthLimit = options.MaxBodyBytes,
            }
        );
        try
        {
            return await feature.ReadFormAsync(context.RequestAborted);
        }
        // A body that ends too early is no form either; one that is too large has an answer of its own.
        catch (Exception error)
            when (error is InvalidDataException || (error is IOException && error is not BadHttpRequestException))
        {
            throw new RequestException(400, "bad_form", "The form cannot be read", error.Message);
        }
    }
}
