using Microsoft.AspNetCore.Http;

namespace NodeHost.Server;

/// <summary>With <c>--enable-cors-header</c>: lets pages of another origin use the server.</summary>
internal sealed class CorsMiddleware(string origin)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // At the last moment, so that refusals, which begin their answer anew, can be read by those pages too.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowMethods = "POST, GET, DELETE, PUT, OPTIONS, PATCH";
            headers.AccessControlAllowHeaders = "Content-Type, Authorization";
            headers.AccessControlAllowCredentials = "true";
            return Task.CompletedTask;
        });
        return HttpMethods.IsOptions(context.Request.Method) ? Reply.Empty(context) : next(context);
    }
}
