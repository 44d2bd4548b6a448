using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace NodeHost.Security;

/// <summary>Who makes a request. <c>User.IsInRole("queue")</c> holds for everybody who has that role or a greater one.</summary>
internal static class Caller
{
    private static readonly Dictionary<ApiKeyRole, ClaimsPrincipal> Principals = Enum.GetValues<ApiKeyRole>()
        .ToDictionary(role => role, Create);

    public static string Name(ApiKeyRole role) => role.ToString().ToLowerInvariant();

    public static void Set(HttpContext context, ApiKeyRole role) => context.User = Principals[role];

    private static ClaimsPrincipal Create(ApiKeyRole role) =>
        new(
            new ClaimsIdentity(
                Enum.GetValues<ApiKeyRole>()
                    .Where(included => included <= role)
                    .Select(included => new Claim(ClaimTypes.Role, Name(included))),
                "api-key"
            )
        );
}
