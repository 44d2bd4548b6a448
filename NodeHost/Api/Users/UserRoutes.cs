using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Server;

namespace NodeHost.Api.Users;

/// <summary><c>/users</c>.</summary>
internal static class UserRoutes
{
    public static void Map(RouteTable routes, UserFolders users)
    {
        routes.Get("/users", context => Reply.Json(context, Describe(users)));
        routes.Post("/users", context => AddAsync(context, users));
    }

    private static JObject Describe(UserFolders users) =>
        users.IsMultiUser
            ? new JObject { ["storage"] = "server", ["users"] = users.Users() }
            : new JObject { ["storage"] = "server", ["migrated"] = users.HasDefaultUser };

    private static async Task AddAsync(HttpContext context, UserFolders users)
    {
        var body = await JsonBody.ReadObjectAsync(context);
        var name = (body["username"] is JValue { Value: string given } ? given : "").Trim();
        if (name.Length == 0)
        {
            throw new RequestException(400, "username_missing", "username must be given, as text");
        }
        await (
            users.Add(name) is { } id
                ? Reply.Json(context, new JValue(id))
                : Reply.Json(
                    context,
                    new JObject { ["error"] = "Duplicate username." },
                    StatusCodes.Status400BadRequest
                )
        );
    }
}
