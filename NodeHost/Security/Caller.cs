using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace NodeHost.Security;

/// <summary>Who makes a request. <c>User.IsInRole("queue")</c> holds for everybody who has that role or a greater one.</summary>
internal static class Caller
{
    private static readonly Dictionary<ApiKeyRole, ClaimsPrincipal> Principals = Enum.GetValues<ApiKeyRole>()
        .ToDictionary(role => role, Create);

    private static readonly ClaimsPrincipal Anybody = Create(ApiKeyRole.Admin, null);

    public static string Name(ApiKeyRole role) => role.ToString().ToLowerInvariant();

    /// <summary>The holder of a key.</summary>
    public static void Set(HttpContext context, ApiKeyRole role) => context.User = Principals[role];

    /// <summary>Anybody, where there are no keys: may do everything, and is not known.</summary>
    public static void SetAnybody(HttpContext context) => context.User = Anybody;

    private static ClaimsPrincipal Create(ApiKeyRole role) => Create(role, "api-key");

    private static ClaimsPrincipal Create(ApiKeyRole role, string? authentication) =>
        new(
            new ClaimsIdentity(
                Enum.GetValues<ApiKeyRole>()
                    .Where(included => included <= role)
                    .Select(included => new Claim(ClaimTypes.Role, Name(included))),
                authentication
            )
        );
}
