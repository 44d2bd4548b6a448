using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodeHost.Api;
using NodeHost.Security;

namespace NodeHost.Server;

/// <summary>The server: Kestrel, what every request passes, and all routes.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    public NodeServer(ServerOptions options, NodeRuntime nodes)
    {
        // The empty builder: configuration files, logging and the rest cost a third of the time to the first answer.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        builder.Services.AddRoutingCore();
        _app = builder.Build();

        var services = new ServerServices
        {
            Options = options,
            Nodes = nodes,
            Keys = new ApiKeyStore(options.UserDirectory),
        };
        UseMiddlewares(options);
        Routes = new RouteTable(_app);
        MapRoutes(Routes, services);
    }

    public RouteTable Routes { get; }

    /// <summary>Where the server can be reached, once it has started.</summary>
    public IReadOnlyList<string> Addresses => [.. _app.Urls];

    public Task StartAsync() => _app.StartAsync();

    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        foreach (var address in options.Listen)
        {
            if (System.Net.IPAddress.TryParse(address, out var parsed))
            {
                kestrel.Listen(parsed, options.Port);
            }
            else
            {
                kestrel.ListenLocalhost(options.Port);
            }
        }
    }

    /// <summary>Outermost first. What guards the server (hosts, origins, keys) stands after CORS.</summary>
    private void UseMiddlewares(ServerOptions options)
    {
        _app.Use(next => context => CacheControlMiddleware.InvokeAsync(context, next));
        if (options.CompressesResponses)
        {
            _app.Use(next => context => CompressionMiddleware.InvokeAsync(context, next));
        }
        _app.Use(next => context => ErrorMiddleware.InvokeAsync(context, next));
        if (options.CorsOrigin is { } origin)
        {
            var cors = new CorsMiddleware(origin);
            _app.Use(next => context => cors.InvokeAsync(context, next));
        }
        _app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.FromSeconds(30) });
        _app.UseRouting();
    }

    private static void MapRoutes(RouteTable routes, ServerServices services)
    {
        MachineRoutes.Map(routes, services);
        NodeRoutes.Map(routes, services);
    }
}
