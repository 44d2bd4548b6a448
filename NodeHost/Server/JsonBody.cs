using System.Text;
using Microsoft.AspNetCore.Http;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NodeHost.Graph.Workflows;

namespace NodeHost.Server;

/// <summary>Reads JSON bodies whatever their content type says. Depth and size are bounded, NaN is read and never written.</summary>
internal static class JsonBody
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="RequestException">400: the body is empty or no JSON.</exception>
    public static async Task<JToken> ReadAsync(HttpContext context)
    {
        var json = Parse(await ReadTextAsync(context));
        JsonLimits.Check(json, context.Features.Get<RequestLimits>() ?? new());
        return json;
    }

    /// <summary>As <see cref="ReadAsync"/>, for routes that take an object.</summary>
    public static async Task<JObject> ReadObjectAsync(HttpContext context) =>
        await ReadAsync(context) as JObject
        ?? throw new RequestException(400, "invalid_json", "The request body is not a JSON object");

    /// <summary>As <see cref="ReadAsync"/>; an empty body, or none that can be read, counts as <c>{}</c>.</summary>
    public static async Task<JObject> ReadObjectOrEmptyAsync(HttpContext context)
    {
        try
        {
            return PromptJson.Parse(await ReadTextAsync(context)) as JObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The body as text: UTF-8, or what a byte order mark says.</summary>
    public static async Task<string> ReadTextAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Strict);
        try
        {
            return await reader.ReadToEndAsync(context.RequestAborted);
        }
        catch (DecoderFallbackException)
        {
            throw new RequestException(400, "invalid_json", "The request body is not UTF-8 text");
        }
    }

    private static JToken Parse(string text)
    {
        try
        {
            return PromptJson.Parse(text);
        }
        catch (JsonException error)
        {
            throw new RequestException(400, "invalid_json", "The request body is not valid JSON", error.Message);
        }
    }
}
