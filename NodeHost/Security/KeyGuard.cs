using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using NodeHost.Server;

namespace NodeHost.Security;

/// <summary>As soon as there is a key, every request needs one whose role is enough.</summary>
internal sealed class KeyGuard(ApiKeyStore keys)
{
    private const string Scheme = "Bearer ";

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (keys.Keys.Count == 0)
        {
            Caller.SetAnybody(context);
            return PassAsync(context, next, () => keys.Keys.Count == 0);
        }
        if (LoginPage.Takes(context.Request))
        {
            return LoginPage.SignInAsync(context, keys);
        }
        if (Token(context.Request) is not { } token || keys.Find(token) is not { } key)
        {
            return RefuseAsync(context);
        }
        var needed = RouteRoles.For(context.Request.Method, context.Request.Path);
        if (key.Role < needed)
        {
            throw new RequestException(
                StatusCodes.Status403Forbidden,
                "role_too_small",
                $"This needs a key with the role {Caller.Name(needed)}; this one has the role {Caller.Name(key.Role)}",
                $"./run keys create --role {Caller.Name(needed)}"
            );
        }
        Caller.Set(context, key.Role);
        return PassAsync(context, next, () => keys.Keys.Contains(key));
    }

    private static Task PassAsync(HttpContext context, RequestDelegate next, Func<bool> isAllowed) =>
        IsSocket(context.Request) ? FollowAsync(context, next, isAllowed) : next(context);

    /// <summary>A socket may stay for days: it ends soon after its key was revoked, or the first key made where it came without.</summary>
    private static async Task FollowAsync(HttpContext context, RequestDelegate next, Func<bool> isAllowed)
    {
        await using var watch = new Timer(_ => EndUnless(isAllowed, context), null, LookAgain, LookAgain);
        await next(context);
    }

    private static void EndUnless(Func<bool> isAllowed, HttpContext context)
    {
        try
        {
            if (isAllowed())
            {
                return;
            }
        }
        catch (Exception error) when (error is ApiKeyException or IOException or UnauthorizedAccessException)
        {
            // Nobody can say that it is allowed.
        }
        context.Abort();
    }

    private static Task RefuseAsync(HttpContext context)
    {
        if (LoginPage.IsWanted(context.Request))
        {
            return LoginPage.ShowAsync(context);
        }
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        });
        throw new RequestException(
            StatusCodes.Status401Unauthorized,
            "unauthorized",
            "This server needs an API key",
            "Send 'Authorization: Bearer TOKEN'; on a WebSocket '?token=TOKEN' will do. './run keys create' makes one"
        );
    }

    /// <summary>From the header; from the address only for sockets, whose browsers cannot send headers; or from the cookie of the login page.</summary>
    private static string? Token(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return header[Scheme.Length..].Trim();
        }
        if (IsSocket(request))
        {
            var named = request.Query["token"];
            // SignalR's clients call it so.
            var token = StringValues.IsNullOrEmpty(named) ? request.Query["access_token"] : named;
            if (!StringValues.IsNullOrEmpty(token))
            {
                return token;
            }
        }
        return request.Cookies[LoginPage.CookieName];
    }

    private static bool IsSocket(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.SecWebSocketKey)
        || request.Path.StartsWithSegments("/hub", StringComparison.OrdinalIgnoreCase);
}
