using NodeHost.Server;

namespace NodeHost.Api;

/// <summary><c>/system_stats</c> and <c>/features</c>.</summary>
internal static class MachineRoutes
{
    public static void Map(RouteTable routes, ServerServices services)
    {
        routes.Get("/system_stats", context => Reply.Json(context, SystemStats.Read(services.Options.Device)));
        routes.Get("/features", context => Reply.Json(context, ServerFeatures.Describe(services.Options)));
    }
}
