using Microsoft.AspNetCore.Http;
using NodeHost.Api.Files;
using NodeHost.CustomNodes;
using NodeHost.Server;

namespace NodeHost.Api.Web;

/// <summary>The page at <c>/</c> and what belongs to it: a frontend's folder, or the small page of our own.</summary>
internal sealed class FrontEnd(ServerOptions options, CustomNodePacks packs)
{
    private const string Extensions = "/extensions/";

    private readonly string? _root = options.FrontEndRoot is { } root ? Path.GetFullPath(root) : null;

    public string? Root => _root;

    public void Map(RouteTable routes) => routes.Get("/", IndexAsync);

    /// <summary>Takes requests for files, where no route takes them.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var path = context.Request.Path.Value ?? "/";
        if (context.GetEndpoint() is not null || !reads)
        {
            return next(context);
        }
        if (PackFile(path) is var (pack, file))
        {
            Take(context);
            return StaticFolder.SendAsync(context, pack, file);
        }
        if (_root is null)
        {
            return next(context);
        }
        Take(context);
        return StaticFolder.SendAsync(context, _root, path.TrimStart('/'));
    }

    private async Task IndexAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store, must-revalidate";
        headers.Pragma = "no-cache";
        headers.Expires = "0";
        if (_root is not null)
        {
            await FileReply.SendAsync(context, Path.Combine(_root, "index.html"), "text/html; charset=utf-8");
            return;
        }
        headers.ContentSecurityPolicy =
            "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' blob:; script-src 'unsafe-inline'; "
            + "style-src 'unsafe-inline'; frame-ancestors 'none'";
        await OwnPage.SendAsync(context);
    }

    /// <summary><c>/extensions/NAME/file</c> for a pack that has pages; the frontend's own extensions lie in its folder.</summary>
    private (string Folder, string File)? PackFile(string path)
    {
        if (!path.StartsWith(Extensions, StringComparison.Ordinal))
        {
            return null;
        }
        var rest = path[Extensions.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && packs.Find(rest[..slash])?.WebFolder is { } folder ? (folder, rest[(slash + 1)..]) : null;
    }

    // Caching headers are for what somebody has taken.
    private static void Take(HttpContext context) => context.SetEndpoint(new Endpoint(null, null, "static file"));
}
