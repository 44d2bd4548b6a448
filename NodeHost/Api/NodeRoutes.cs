using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodeHost.Graph.Workflows;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary><c>/object_info</c>: what nodes there are.</summary>
internal static class NodeRoutes
{
    public static void Map(RouteTable routes, ServerServices services)
    {
        routes.Get("/object_info", context => AllAsync(context, services.Nodes));
        routes.Get(
            "/object_info/{class}",
            context =>
                Reply.Json(
                    context,
                    services.Nodes.Catalogue.ObjectInfo(
                        (string)context.GetRouteValue("class")!,
                        services.Nodes.Services
                    )
                )
        );
    }

    /// <summary>Megabytes that seldom change: a client that has them already is told so.</summary>
    private static Task AllAsync(HttpContext context, NodeRuntime nodes)
    {
        var body = Encoding.UTF8.GetBytes(PromptJson.Write(nodes.Catalogue.ObjectInfo(nodes.Services)));
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body)[..16])}\"";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch.Contains(tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        return Reply.JsonText(context, body);
    }
}
