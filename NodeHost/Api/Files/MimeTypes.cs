using Microsoft.AspNetCore.StaticFiles;

namespace NodeHost.Api.Files;

/// <summary>What a file is, by its name.</summary>
internal static class MimeTypes
{
    public const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider Types = new()
    {
        Mappings =
        {
            [".avif"] = "image/avif",
            [".flac"] = "audio/flac",
            [".glb"] = "model/gltf-binary",
            [".gltf"] = "model/gltf+json",
            [".js"] = "application/javascript",
            [".jsonl"] = "application/jsonl",
            [".md"] = "text/markdown",
            [".mjs"] = "application/javascript",
            [".mkv"] = "video/x-matroska",
            [".opus"] = "audio/ogg",
            [".wasm"] = "application/wasm",
            [".webmanifest"] = "application/manifest+json",
            [".webp"] = "image/webp",
            [".yaml"] = "application/yaml",
            [".yml"] = "application/yaml",
        },
    };

    public static string Of(string name) => Types.TryGetContentType(name, out var type) ? type : Unknown;

    /// <summary>Whether a browser would run what is in such a file, in the name of this server.</summary>
    public static bool IsActive(string type) =>
        type
            is "text/html"
                or "text/html-sandboxed"
                or "application/xhtml+xml"
                or "text/javascript"
                or "application/javascript"
                or "text/css"
                or "application/pdf"
                or "application/x-shockwave-flash"
        || IsDrawing(type);

    /// <summary>XML of any kind may hold scripts; as a picture in a page they do not run.</summary>
    public static bool IsDrawing(string type) =>
        type is "text/xml" or "application/xml" or "text/xsl" || type.EndsWith("+xml", StringComparison.Ordinal);

    /// <summary>Whether a name promises a picture of points, which can be checked by decoding.</summary>
    public static bool IsRaster(string name) =>
        Path.GetExtension(name).ToLowerInvariant()
            is ".png"
                or ".apng"
                or ".jpg"
                or ".jpeg"
                or ".webp"
                or ".gif"
                or ".bmp"
                or ".tif"
                or ".tiff";
}
