using Microsoft.AspNetCore.Http;
using NodeHost.Server;

namespace NodeHost.Security;

/// <summary>Keeps pages of other sites from using the server through the browser of somebody who may.</summary>
internal sealed class OriginGuard(OriginPolicy policy)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var verdict = policy.Judge(context.Request);
        if (verdict == OriginVerdict.Foreign)
        {
            throw new RequestException(
                StatusCodes.Status403Forbidden,
                "foreign_origin",
                "This request comes from a page of another site",
                "If that site may use this server, start it with --enable-cors-header and the site's origin"
            );
        }
        if (verdict == OriginVerdict.AnySite && IsSimple(context.Request))
        {
            throw new RequestException(
                StatusCodes.Status415UnsupportedMediaType,
                "content_type_required",
                "Pages of other sites must send JSON with Content-Type: application/json"
            );
        }
        return HttpMethods.IsOptions(context.Request.Method) ? Reply.Empty(context) : next(context);
    }

    /// <summary>What a browser sends to another site without asking that site first.</summary>
    private static bool IsSimple(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant()
            is ""
                or "text/plain"
                or "application/x-www-form-urlencoded";
}
