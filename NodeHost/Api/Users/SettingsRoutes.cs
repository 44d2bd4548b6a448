using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newtonsoft.Json.Linq;
using NodeHost.Server;

namespace NodeHost.Api.Users;

/// <summary><c>/settings</c>: what the frontend remembers. The server does not look into it.</summary>
internal static class SettingsRoutes
{
    public static void Map(RouteTable routes, UserFolders users)
    {
        var settings = new SettingsFile();
        routes.Get(
            "/settings",
            context => WithUserAsync(context, users, folder => Reply.Json(context, settings.Read(folder)))
        );
        routes.Get(
            "/settings/{id}",
            context =>
                WithUserAsync(
                    context,
                    users,
                    folder => Reply.Json(context, settings.Read(folder)[Id(context)] ?? JValue.CreateNull())
                )
        );
        routes.Post(
            "/settings",
            context =>
                WithUserAsync(
                    context,
                    users,
                    async folder =>
                    {
                        settings.Merge(folder, await JsonBody.ReadObjectAsync(context));
                        await Reply.Empty(context);
                    }
                )
        );
        routes.Post(
            "/settings/{id}",
            context =>
                WithUserAsync(
                    context,
                    users,
                    async folder =>
                    {
                        settings.Merge(folder, [new(Id(context), await JsonBody.ReadAsync(context))]);
                        await Reply.Empty(context);
                    }
                )
        );
    }

    private static Task WithUserAsync(HttpContext context, UserFolders users, Func<string, Task> answer) =>
        users.Find(context.Request) is { } folder
            ? answer(folder)
            : Reply.Empty(context, StatusCodes.Status401Unauthorized);

    private static string Id(HttpContext context) => Uri.UnescapeDataString((string?)context.GetRouteValue("id") ?? "");
}
