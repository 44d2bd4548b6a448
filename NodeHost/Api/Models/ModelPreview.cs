using Microsoft.Net.Http.Headers;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Api.Files;
using NodeHost.Graph.Workflows;
using NodeHost.Images;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Models;

/// <summary>A picture of a model: one that lies beside it, or that its file carries.</summary>
internal sealed record ModelPreview(byte[] Content, EntityTagHeaderValue Tag)
{
    /// <summary>Null when there is none. A name cannot leave its folder.</summary>
    public static ModelPreview? Make(string root, string name, RequestLimits limits)
    {
        if (PathGuard.Resolve(root, name) is not { } model || Path.GetDirectoryName(model) is not { } folder)
        {
            return null;
        }
        var stem = Path.GetFileNameWithoutExtension(model);
        var source = Beside(folder, stem) ?? model;
        try
        {
            var content = source == model ? Carried(model) : File.ReadAllBytes(source);
            if (content is null)
            {
                return null;
            }
            var picture = ImageDecoder.Decode(content, Path.GetFileName(source), new DecodeLimits(limits.ImagePixels));
            return new(
                ImageEncoder.WebP([picture.Frames[0]], new WebPOptions()),
                FileReply.Tag(new FileInfo(source), "-preview")
            );
        }
        catch (Exception error) when (error is ImageException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Beside(string folder, string stem) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder)
                .Where(path =>
                    Path.GetFileNameWithoutExtension(path) is var name && (name == stem || name == stem + ".preview")
                )
                .Where(MimeTypes.IsRaster)
                .Order(StringComparer.Ordinal)
                .FirstOrDefault()
            : null;

    private static byte[]? Carried(string model)
    {
        if (!model.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        try
        {
            return
                SafetensorsMetadata.Read(model)?["ssmd_cover_images"] is JValue { Value: string list }
                && PromptJson.Parse(list) is JArray { Count: > 0 } covers
                && covers[0] is JValue { Value: string cover }
                ? Convert.FromBase64String(cover)
                : null;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            return null;
        }
    }
}
