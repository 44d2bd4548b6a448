using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Server;

namespace NodeHost.Api;

/// <summary>What newer frontends ask for at start: shared subgraphs and replaced nodes. There are none, and saying so is the answer.</summary>
internal static class SubgraphRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Get("/global_subgraphs", context => Reply.Json(context, new JObject()));
        routes.Get(
            "/global_subgraphs/{id}",
            context => Reply.Json(context, JValue.CreateNull(), StatusCodes.Status404NotFound)
        );
        routes.Get("/node_replacements", context => Reply.Json(context, new JObject()));
    }
}
