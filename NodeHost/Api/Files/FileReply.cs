using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using NodeHost.Server;

namespace NodeHost.Api.Files;

/// <summary>Answers with files: ranges, conditions and HEAD included.</summary>
internal static class FileReply
{
    /// <summary>The file as it is; 404 when it has gone.</summary>
    public static Task SendAsync(HttpContext context, string path, string contentType)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? TypedResults
                .PhysicalFile(
                    file.FullName,
                    contentType,
                    lastModified: file.LastWriteTimeUtc,
                    entityTag: Tag(file),
                    enableRangeProcessing: true
                )
                .ExecuteAsync(context)
            : Reply.Empty(context, StatusCodes.Status404NotFound);
    }

    /// <summary>Bytes made from a file.</summary>
    public static Task SendAsync(HttpContext context, byte[] body, string contentType, EntityTagHeaderValue tag) =>
        TypedResults.Bytes(body, contentType, entityTag: tag, enableRangeProcessing: true).ExecuteAsync(context);

    /// <summary>Changes when the file does; <paramref name="made"/> tells apart what is made of it.</summary>
    public static EntityTagHeaderValue Tag(FileInfo file, string made = "") =>
        new($"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}{made}\"");

    /// <summary>Whether the client has this already; then 304 is the answer and nothing need be made.</summary>
    public static bool IsKnown(HttpContext context, EntityTagHeaderValue tag)
    {
        var known = context
            .Request.GetTypedHeaders()
            .IfNoneMatch.Any(given => given.Compare(tag, useStrongComparison: false));
        if (known)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            context.Response.Headers.ETag = tag.ToString();
        }
        return known;
    }

    /// <summary>ComfyUI's form: a name without a disposition. Other letters than ASCII go into a second, encoded name.</summary>
    public static string Disposition(string name, string type = "")
    {
        var plain = new StringBuilder();
        foreach (var letter in name)
        {
            plain.Append(
                letter is '"' or '\\' ? $"\\{letter}"
                : letter is < ' ' or > '~' ? "_"
                : letter.ToString(CultureInfo.InvariantCulture)
            );
        }
        var text = $"{type}filename=\"{plain}\"";
        return name.All(char.IsAscii) ? text : $"{text}; filename*=UTF-8''{Uri.EscapeDataString(name)}";
    }
}
