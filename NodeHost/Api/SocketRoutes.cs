using Microsoft.AspNetCore.Http;
using NodeHost.Events;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary><c>/ws</c>: where clients hear what happens.</summary>
internal static class SocketRoutes
{
    public static void Map(RouteTable routes, ServerServices services) =>
        routes.Get("/ws", context => ServeAsync(context, services));

    private static async Task ServeAsync(HttpContext context, ServerServices services)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw new RequestException(
                StatusCodes.Status400BadRequest,
                "no_websocket",
                "This is a WebSocket address",
                "Connect with ws:// or wss://; a proxy in front must pass the Upgrade header on."
            );
        }
        var clientId = context.Request.Query["clientId"].ToString();
        if (clientId.Length == 0)
        {
            clientId = Guid.NewGuid().ToString("N");
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            // Messages carry no secret that somebody's guesses could be packed beside. The packer's memory is not kept between messages.
            new WebSocketAcceptContext { DangerousEnableCompression = true, DisableServerContextTakeover = true }
        );
        using var session = new SocketSession(socket, clientId);
        await services.Events.RunAsync(session, ServerFeatures.Describe(services.Options), context.RequestAborted);
    }
}
