using Microsoft.AspNetCore.Http;

namespace NodeHost.Security;

/// <summary>Tells the server's own pages from others by what browsers send along: <c>Origin</c>, <c>Sec-Fetch-*</c>, <c>Referer</c>.</summary>
/// <param name="allowedOrigin">What <c>--enable-cors-header</c> says; null: no other origin.</param>
/// <param name="hosts">The names of this server, which a proxy may forward.</param>
internal sealed class OriginPolicy(string? allowedOrigin, HostNames hosts)
{
    private const string EverySite = "*";

    private readonly string? _allowed = allowedOrigin?.TrimEnd('/');

    public OriginVerdict Judge(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        return origins.Count switch
        {
            0 => JudgeFetch(request),
            1 when !string.IsNullOrEmpty(origins[0]) => JudgeOrigin(origins[0]!, request),
            _ => OriginVerdict.Foreign,
        };
    }

    /// <summary>Sandboxed frames and local files say <c>null</c>: a hostile page can make itself one, so it matches nothing.</summary>
    private OriginVerdict JudgeOrigin(string origin, HttpRequest request)
    {
        if (origin.Equals("null", StringComparison.OrdinalIgnoreCase))
        {
            return OriginVerdict.Foreign;
        }
        if (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsOwn(uri, request))
        {
            return OriginVerdict.Own;
        }
        return _allowed == EverySite ? OriginVerdict.AnySite
            : origin.TrimEnd('/').Equals(_allowed, StringComparison.OrdinalIgnoreCase) ? OriginVerdict.Allowed
            : OriginVerdict.Foreign;
    }

    // Plain GETs of pages carry no Origin: pictures, scripts, forms that only ask.
    private OriginVerdict JudgeFetch(HttpRequest request)
    {
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        switch (request.Headers["Sec-Fetch-Site"].ToString())
        {
            case "cross-site":
            case "same-site" when !reads:
                break;
            default:
                return OriginVerdict.Own;
        }
        var opensPage =
            HttpMethods.IsGet(request.Method)
            && request.Headers["Sec-Fetch-Mode"] == "navigate"
            && request.Headers["Sec-Fetch-Dest"] == "document";
        if (opensPage)
        {
            return OriginVerdict.Own;
        }
        if (_allowed is null or EverySite)
        {
            return _allowed is null ? OriginVerdict.Foreign : OriginVerdict.AnySite;
        }
        return
            reads
            && Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var referrer)
            && referrer.GetLeftPart(UriPartial.Authority).Equals(_allowed, StringComparison.OrdinalIgnoreCase)
            ? OriginVerdict.Allowed
            : OriginVerdict.Foreign;
    }

    private bool IsOwn(Uri origin, HttpRequest request)
    {
        if (origin.Scheme is not ("http" or "https"))
        {
            return false;
        }
        if (IsSame(origin, request.Host))
        {
            return true;
        }
        // A proxy may call the server by another name than the browser called the proxy. No page can send this header without being asked first.
        var forwarded = new HostString(request.Headers["X-Forwarded-Host"].ToString().Split(',')[0].Trim());
        return forwarded.HasValue && hosts.Allow(forwarded) && IsSame(origin, forwarded);
    }

    private static bool IsSame(Uri origin, HostString host) =>
        host.HasValue
        && origin.IdnHost.Trim('[', ']').Equals(host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && origin.Port == (host.Port ?? (origin.Scheme == "https" ? 443 : 80));
}
