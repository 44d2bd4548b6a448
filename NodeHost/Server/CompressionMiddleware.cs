using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace NodeHost.Server;

/// <summary>With <c>--enable-compress-response-body</c>: gzip for JSON and plain text where the client accepts it.</summary>
internal static class CompressionMiddleware
{
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var accepts = context.Request.Headers.AcceptEncoding.ToString();
        if (!accepts.Contains("gzip", StringComparison.OrdinalIgnoreCase) || context.WebSockets.IsWebSocketRequest)
        {
            await next(context);
            return;
        }
        var response = context.Response;
        var body = response.Body;
        using var held = new MemoryStream();
        response.Body = held;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }
        held.Position = 0;
        var type = (response.ContentType ?? "").Split(';')[0].Trim();
        if (held.Length == 0 || type is not ("application/json" or "text/plain") || response.HasStarted)
        {
            await held.CopyToAsync(body, context.RequestAborted);
            return;
        }
        response.Headers.ContentEncoding = "gzip";
        response.ContentLength = null;
        await using var gzip = new GZipStream(body, CompressionLevel.Fastest);
        await held.CopyToAsync(gzip, context.RequestAborted);
    }
}
