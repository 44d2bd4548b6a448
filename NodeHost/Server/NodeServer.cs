using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodeHost.Api;
using NodeHost.Api.OpenApi;
using NodeHost.Api.Web;
using NodeHost.Hubs;
using NodeHost.Security;

namespace NodeHost.Server;

/// <summary>The server: Kestrel, what every request passes, and all routes.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2? _certificate;

    public NodeServer(ServerServices services)
    {
        var options = services.Options;
        _certificate = Tls.Load(options.Security);
        // The empty builder: configuration files, logging and the rest cost a third of the time to the first answer.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        if (_certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }
        builder.Services.AddRoutingCore();
        AddHub(builder.Services, services);
        _app = builder.Build();

        _app.Lifetime.ApplicationStopping.Register(services.Events.Close);
        services.Log.Attach();
        var frontEnd = new FrontEnd(services.Options, services.Nodes.Packs);
        UseMiddlewares(services);
        _app.Use(next => context => frontEnd.InvokeAsync(context, next));
        Routes = new RouteTable(_app);
        MapRoutes(Routes, services);
        FileSide.Map(Routes, services, frontEnd);
        _app.MapHub<PromptHub>("/hub");
        services.Events.Add(_app.Services.GetRequiredService<HubSubscribers>());
    }

    public RouteTable Routes { get; }

    /// <summary>Where the server can be reached, once it has started.</summary>
    public IReadOnlyList<string> Addresses => [.. _app.Urls];

    public Task StartAsync() => _app.StartAsync();

    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate?.Dispose();
    }

    private static void AddHub(IServiceCollection container, ServerServices services)
    {
        container.AddSingleton(services);
        container.AddSingleton<HubSubscribers>();
        container.AddSignalR(hub => hub.MaximumReceiveMessageSize = services.Options.MaxBodyBytes);
    }

    private void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        Listening.Configure(kestrel, options, _certificate);
    }

    /// <summary>Outermost first.</summary>
    private void UseMiddlewares(ServerServices services)
    {
        var options = services.Options;
        _app.Use(next => context => CacheControlMiddleware.InvokeAsync(context, next));
        if (options.CompressesResponses)
        {
            _app.Use(next => context => CompressionMiddleware.InvokeAsync(context, next));
        }
        if (options.CorsOrigin is { } origin)
        {
            var cors = new CorsMiddleware(origin);
            _app.Use(next => context => cors.InvokeAsync(context, next));
        }
        _app.Use(next => context => ErrorMiddleware.InvokeAsync(context, next));
        Guards.Use(_app, services);
        _app.UseWebSockets(new() { KeepAliveInterval = TimeSpan.FromSeconds(30) });
        var sockets = new SocketLimit(options.Limits.SocketsPerAddress);
        _app.Use(next => context => sockets.InvokeAsync(context, next));
        _app.UseRouting();
    }

    private static void MapRoutes(RouteTable routes, ServerServices services)
    {
        MachineRoutes.Map(routes, services);
        NodeRoutes.Map(routes, services);
        PromptRoutes.Map(routes, services);
        QueueRoutes.Map(routes, services);
        HistoryRoutes.Map(routes, services);
        JobRoutes.Map(routes, services);
        SubgraphRoutes.Map(routes);
        SocketRoutes.Map(routes, services);
        OpenApiRoutes.Map(routes);
    }
}
