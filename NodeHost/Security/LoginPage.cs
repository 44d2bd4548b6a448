using System.Text;
using Microsoft.AspNetCore.Http;

namespace NodeHost.Security;

/// <summary>Asks people for their key, and keeps it in a cookie that no script can read and no other site makes the browser send.</summary>
internal static class LoginPage
{
    public const string CookieName = "nodehost_token";

    private const string Path = "/login";
    private const string Field = "token";

    private const string Page = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>NodeHost</title>
        <style>
          body { font: 16px system-ui; margin: 15vh auto; max-width: 26em; padding: 0 1em; color: #ddd; background: #1b1c20 }
          input, button { font: inherit; padding: .5em; width: 100%; box-sizing: border-box; margin-top: .6em }
          p.refused { color: #ff8a80 }
        </style>
        <h1>NodeHost</h1>
        {0}
        <form method="post" action="login">
          <label>API key <input name="token" type="password" autocomplete="current-password" autofocus></label>
          <button>Sign in</button>
        </form>
        </html>
        """;

    /// <summary>Whether somebody opens a page in a browser, and not a program asks for data.</summary>
    public static bool IsWanted(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !request.Headers.ContainsKey("Sec-WebSocket-Key")
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the form comes back.</summary>
    public static bool Takes(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path == Path && request.HasFormContentType;

    public static Task ShowAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status401Unauthorized, "<p>This server needs an API key.</p>");

    public static async Task SignInAsync(HttpContext context, ApiKeyStore keys)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var token = form[Field].ToString().Trim();
        if (keys.Find(token) is null)
        {
            await WriteAsync(
                context,
                StatusCodes.Status401Unauthorized,
                "<p class=refused>That is no key of this server.</p>"
            );
            return;
        }
        context.Response.Cookies.Append(
            CookieName,
            token,
            new()
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(30),
            }
        );
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "./";
        context.Response.ContentLength = 0;
    }

    private static Task WriteAsync(HttpContext context, int status, string message)
    {
        var body = Encoding.UTF8.GetBytes(Page.Replace("{0}", message, StringComparison.Ordinal));
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
