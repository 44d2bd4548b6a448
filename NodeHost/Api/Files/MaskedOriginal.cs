using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;
using NodeHost.Images;
using NodeHost.Images.Png;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Files;

/// <summary>A picture that gets the alpha of an uploaded mask.</summary>
internal static class MaskedOriginal
{
    private const int PngCompression = 4;

    /// <summary>The file that <c>original_ref</c> means.</summary>
    /// <exception cref="RequestException">It means none, or one outside its folder.</exception>
    public static string Find(string reference, IFolderPaths folders)
    {
        var members = Parse(reference);
        var annotated = AnnotatedName.Parse(Text(members["filename"]) ?? "");
        var folder = annotated.Folder ?? FolderKinds.Parse(Text(members["type"]) ?? "output");
        if (annotated.Name.Length == 0 || folder is not { } kind)
        {
            throw new RequestException(400, "bad_original_ref", "original_ref names no picture of a known folder");
        }
        var subfolder = Text(members["subfolder"]) ?? "";
        if (PathGuard.Resolve(folders.Directory(kind), Path.Combine(subfolder, annotated.Name)) is null)
        {
            throw new RequestException(403, "outside", "original_ref leads out of its folder");
        }
        return folders.FindPicture(Path.Combine(subfolder, annotated.Name), kind)
            ?? throw new RequestException(
                404,
                "original_missing",
                $"There is no picture '{annotated.Name}' in the {kind.WireName()} folder"
            );
    }

    /// <summary>A PNG with the colours and texts of the original and the alpha of the mask.</summary>
    /// <exception cref="ImageException">One of them is no picture.</exception>
    public static byte[] Combine(string original, byte[] mask, DecodeLimits limits)
    {
        var file = File.ReadAllBytes(original);
        var colours = ImageDecoder.Decode(file, Path.GetFileName(original), limits).Frames[0].ToChannels(4);
        var alpha = ImageDecoder.Decode(mask, "mask", limits).Frames[0].ToChannels(4);
        if ((colours.Width, colours.Height) != (alpha.Width, alpha.Height))
        {
            throw new ImageException(
                $"mask: {alpha.Width}x{alpha.Height} pixels, and the original has {colours.Width}x{colours.Height}. Make the mask as large as the original."
            );
        }
        var result = new PixelBuffer(colours.Width, colours.Height, 4, (byte[])colours.Data.Clone());
        for (var index = 3; index < result.Data.Length; index += 4)
        {
            result.Data[index] = alpha.Data[index];
        }
        return ImageEncoder.Png(result, PngCompression, PngTextChunks.Read(file));
    }

    private static string? Text(JToken? value) => value is JValue { Value: string text } ? text : null;

    private static JObject Parse(string reference)
    {
        try
        {
            return PromptJson.Parse(reference) as JObject ?? [];
        }
        catch (JsonException error)
        {
            throw new RequestException(400, "bad_original_ref", "original_ref is not JSON", error.Message);
        }
    }
}
