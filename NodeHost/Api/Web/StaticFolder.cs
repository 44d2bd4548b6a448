using Microsoft.AspNetCore.Http;
using NodeHost.Api.Files;
using NodeHost.Nodes.Files;
using NodeHost.Server;

namespace NodeHost.Api.Web;

/// <summary>A folder served as it is: no listing of directories, nothing behind links.</summary>
internal static class StaticFolder
{
    public static Task SendAsync(HttpContext context, string root, string relative)
    {
        if (PathGuard.Resolve(root, relative) is not { } path || HasLink(root, path))
        {
            return Reply.Text(context, "404: Not Found", StatusCodes.Status404NotFound);
        }
        if (Directory.Exists(path))
        {
            return Reply.Text(context, "403: Forbidden", StatusCodes.Status403Forbidden);
        }
        if (!File.Exists(path))
        {
            return Reply.Text(context, "404: Not Found", StatusCodes.Status404NotFound);
        }
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return FileReply.SendAsync(context, path, TypeOf(path));
    }

    private static string TypeOf(string path)
    {
        var type = MimeTypes.Of(path);
        return type == "application/javascript" || type.StartsWith("text/", StringComparison.Ordinal)
            ? type + "; charset=utf-8"
            : type;
    }

    private static bool HasLink(string root, string path)
    {
        var top = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        for (var part = path; part.Length > top.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new FileInfo(part).LinkTarget is not null)
            {
                return true;
            }
        }
        return false;
    }
}
