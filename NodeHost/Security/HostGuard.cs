using Microsoft.AspNetCore.Http;
using NodeHost.Server;

namespace NodeHost.Security;

/// <summary>Refuses requests that were meant for another server.</summary>
internal sealed class HostGuard(HostNames names)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        names.Allow(context.Request.Host)
            ? next(context)
            : throw new RequestException(
                StatusCodes.Status403Forbidden,
                "host_not_allowed",
                $"This server does not answer to the name '{context.Request.Host.Host}'",
                $"If it is yours, start the server with --allowed-host {context.Request.Host.Host}"
            );
}
