using Microsoft.AspNetCore.Http;

namespace NodeHost.Api.Web;

/// <summary>The page of a server without a frontend: its state, the queue and the last pictures, live.</summary>
internal static class OwnPage
{
    private static readonly Lazy<byte[]> Content = new(Read);

    public static Task SendAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = Content.Value.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(Content.Value, context.RequestAborted).AsTask();
    }

    private static byte[] Read()
    {
        using var stream = typeof(OwnPage).Assembly.GetManifestResourceStream("NodeHost.Api.Web.page.html")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
