using Microsoft.AspNetCore.Http;

namespace NodeHost.Server;

/// <summary>Says how long scripts and pictures may be kept, judging by the path alone, where a route has not said it itself.</summary>
internal static class CacheControlMiddleware
{
    private static readonly string[] Pictures =
    [
        ".jpg",
        ".jpeg",
        ".png",
        ".ppm",
        ".bmp",
        ".pgm",
        ".tif",
        ".tiff",
        ".webp",
    ];

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "";
        if (IsScript(path) || IsPicture(path))
        {
            context.Response.OnStarting(() =>
            {
                // Not where no route took the path.
                if (context.GetEndpoint() is not null && context.Response.Headers.CacheControl.Count == 0)
                {
                    var header = HeaderFor(path, context.Response.StatusCode);
                    // What needs a key is not for caches that others use too.
                    context.Response.Headers.CacheControl = context.User.Identity is { IsAuthenticated: true }
                        ? header?.Replace("public", "private", StringComparison.Ordinal)
                        : header;
                }
                return Task.CompletedTask;
            });
        }
        return next(context);
    }

    /// <summary>The header for a path and status; null where none is due.</summary>
    public static string? HeaderFor(string path, int status) =>
        IsScript(path) ? "no-cache"
        : !IsPicture(path) ? null
        : status switch
        {
            404 => "public, max-age=3600",
            (>= 200 and <= 206) or 301 or 308 => "public, max-age=86400",
            302 or 303 or 307 => "no-cache",
            _ => null,
        };

    private static bool IsScript(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return path.EndsWith(".js", StringComparison.Ordinal)
            || path.EndsWith(".css", StringComparison.Ordinal)
            || (name.StartsWith("index", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal));
    }

    private static bool IsPicture(string path) =>
        Pictures.Any(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
