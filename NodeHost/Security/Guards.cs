using Microsoft.AspNetCore.Builder;
using NodeHost.Server;

namespace NodeHost.Security;

/// <summary>What stands before every route, sockets included.</summary>
internal static class Guards
{
    public static void Use(IApplicationBuilder app, ServerServices services)
    {
        var options = services.Options;
        var names = new HostNames(options);
        var hosts = new HostGuard(names);
        var origins = new OriginGuard(new OriginPolicy(options.CorsOrigin, names));
        var keys = new KeyGuard(services.Keys);
        app.Use(next =>
            context =>
            {
                context.Features.Set(options.Limits);
                return next(context);
            }
        );
        app.Use(next => context => hosts.InvokeAsync(context, next));
        app.Use(next => context => origins.InvokeAsync(context, next));
        app.Use(next => context => keys.InvokeAsync(context, next));
    }
}
