using Microsoft.AspNetCore.Http;
using NodeHost.Server;

namespace NodeHost.Api.OpenApi;

/// <summary><c>/openapi.json</c>, the description of all routes for programs, and a page that shows it to people.</summary>
internal static class OpenApiRoutes
{
    private static readonly Lazy<byte[]> Document = new(() => Read("openapi.json"));
    private static readonly Lazy<byte[]> Page = new(() => Read("openapi.html"));

    public static void Map(RouteTable routes)
    {
        routes.Get("/openapi.json", context => Reply.JsonText(context, Document.Value), underApi: false);
        routes.Get("/openapi", ShowAsync, underApi: false);
    }

    private static Task ShowAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = Page.Value.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(Page.Value, context.RequestAborted).AsTask();
    }

    private static byte[] Read(string name)
    {
        using var stream = typeof(OpenApiRoutes).Assembly.GetManifestResourceStream($"NodeHost.Api.OpenApi.{name}")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
