using Microsoft.AspNetCore.Http;

namespace NodeHost.Security;

/// <summary>Which role a request needs. Changing requests that are not named here are the administrator's.</summary>
internal static class RouteRoles
{
    private static readonly HashSet<string> Work = new(StringComparer.OrdinalIgnoreCase)
    {
        "prompt",
        "queue",
        "interrupt",
        "history",
        "jobs",
        "upload",
        "settings",
        "userdata",
        "workflow",
    };

    public static ApiKeyRole For(string method, PathString path)
    {
        var parts = Parts(path);
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        return (reads, parts) switch
        {
            // The log shows what others do.
            (_, ["internal", "logs", ..]) => ApiKeyRole.Admin,
            (true, _) => ApiKeyRole.Read,
            // The hub asks for the role call by call.
            (_, ["hub", ..]) => ApiKeyRole.Read,
            (_, ["queue", "pause" or "resume", ..]) => ApiKeyRole.Admin,
            (_, [var first, ..]) when Work.Contains(first) => ApiKeyRole.Queue,
            _ => ApiKeyRole.Admin,
        };
    }

    private static string[] Parts(PathString path)
    {
        var parts = (path.Value ?? "").ToLowerInvariant().Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts is ["api", .. var rest] ? rest : parts;
    }
}
