using Microsoft.AspNetCore.Http;
using Newtonsoft.Json.Linq;
using NodeHost.Server;

namespace NodeHost.Webhooks;

/// <summary>Who is to be called when a job has ended, and the secret that the call is signed with.</summary>
internal sealed record Webhook(Uri Url, string? Secret)
{
    /// <summary>Takes <c>webhook</c> out of the body of <c>POST /prompt</c>, or out of its <c>extra_data</c>; null where there is none.</summary>
    public static Webhook? TakeFrom(JToken body)
    {
        if (body is not JObject request)
        {
            return null;
        }
        var given = request["webhook"] ?? (request["extra_data"] as JObject)?["webhook"];
        request.Remove("webhook");
        (request["extra_data"] as JObject)?.Remove("webhook");
        return given switch
        {
            null or { Type: JTokenType.Null } => null,
            JValue { Value: string url } => new(ReadUrl(url), null),
            JObject { } hook => new(ReadUrl((string?)(hook["url"] as JValue)), ReadSecret(hook["secret"])),
            _ => throw Invalid("expected a URL, or an object with 'url' and 'secret'"),
        };
    }

    /// <summary>As the queue keeps it.</summary>
    public static Webhook FromJson(JObject kept) => new(new Uri((string)kept["url"]!), (string?)kept["secret"]);

    public JObject ToJson() => new() { ["url"] = Url.AbsoluteUri, ["secret"] = Secret };

    private static Uri ReadUrl(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo: "" }
            ? url
            : throw Invalid($"'url': expected an http or https address without a user name, got '{text}'");

    private static string? ReadSecret(JToken? secret) =>
        secret switch
        {
            null or { Type: JTokenType.Null } => null,
            JValue { Value: string text } => text,
            _ => throw Invalid("'secret': expected a text"),
        };

    private static RequestException Invalid(string details) =>
        new(StatusCodes.Status400BadRequest, "invalid_webhook", "Cannot read 'webhook' of the request", details + ".");
}
